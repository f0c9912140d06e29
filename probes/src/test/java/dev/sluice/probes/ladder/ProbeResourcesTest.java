package dev.sluice.probes.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Target;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Vantage;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("counts the threads of the whole process")
class ProbeResourcesTest {
  @Test
  void closeEndsEveryThreadItStarted() throws IOException {
    Set<Thread> before = probeThreads();
    ProbeResources resources = ProbeResources.create();
    try (ScriptedServer server = new ScriptedServer(socket -> {})) {
      assertThat(Fixtures.climb(new Target.Tcp("127.0.0.1", server.port()), resources).ok())
          .isTrue();
    }
    assertThat(probeThreads()).hasSizeGreaterThan(before.size()).allMatch(Thread::isDaemon);
    resources.close();
    Awaitility.await().untilAsserted(() -> assertThat(before).containsAll(probeThreads()));
  }

  @Test
  void aClimbAfterCloseIsAFailedSample() {
    ProbeResources resources = ProbeResources.create();
    Ladder ladder =
        Ladders.of(
            Fixtures.dependency(Fixtures.postgres(1)),
            Vantage.SHARED,
            resources,
            InstantSource.system(),
            System::nanoTime);
    resources.close();
    Climb climb = ladder.climb(true).block(Duration.ofSeconds(10));
    assertThat(climb.ok()).isFalse();
  }

  private static Set<Thread> probeThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("sluice-probe-"))
        .collect(Collectors.toSet());
  }
}
