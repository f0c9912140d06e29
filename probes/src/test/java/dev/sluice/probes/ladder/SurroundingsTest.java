package dev.sluice.probes.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Target;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SurroundingsTest {
  private static Sample metadata(Climb climb) {
    return Objects.requireNonNull(climb.at(Rung.METADATA));
  }

  private static Climb climbBeside(int metadataPort) throws IOException {
    try (ScriptedServer target = new ScriptedServer(socket -> {});
        ProbeResources resources =
            ProbeResources.beside(new InetSocketAddress("127.0.0.1", metadataPort))) {
      return Fixtures.climb(new Target.Tcp("127.0.0.1", target.port()), resources);
    }
  }

  /** The rung has a tenth of a second, within which a new process has not loaded its classes. */
  @BeforeAll
  static void warm() throws IOException {
    try (ScriptedServer silent = new ScriptedServer(socket -> {})) {
      assertThat(climbBeside(silent.port()).ok()).isTrue();
    }
  }

  @Test
  void theMetadataServerIsAskedFirst() throws IOException {
    byte[] answer = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (ScriptedServer metadata = new ScriptedServer(socket -> answered(socket, answer))) {
      Climb climb = climbBeside(metadata.port());
      assertThat(Fixtures.rungs(climb))
          .containsExactly(Rung.SELF, Rung.METADATA, Rung.DNS, Rung.TCP);
      assertThat(metadata(climb).message()).isEqualTo("HTTP 200");
    }
  }

  private static void answered(Socket socket, byte[] answer) throws IOException {
    assertThat(socket.getInputStream().read(new byte[1_024])).isPositive();
    socket.getOutputStream().write(answer);
  }

  @Test
  void oneThatIsSilentIsANoteAndEndsNothing() throws IOException {
    try (ScriptedServer silent =
        new ScriptedServer(socket -> socket.getInputStream().readAllBytes())) {
      Climb climb = climbBeside(silent.port());
      assertThat(climb.ok()).isTrue();
      assertThat(metadata(climb).message()).isEqualTo("no answer");
      assertThat(Climb.heldMillis(climb)).isLessThan(200);
    }
  }

  @Test
  void itIsFoundByTheVariablesOfThePlatform() {
    assertThat(Surroundings.metadata(Map.of("K_SERVICE", "orders")::get))
        .isEqualTo(new InetSocketAddress("169.254.169.254", 80));
    assertThat(Surroundings.metadata(Map.of("GCE_METADATA_HOST", "10.0.0.1:81")::get))
        .isEqualTo(new InetSocketAddress("10.0.0.1", 81));
    assertThat(Surroundings.metadata(Map.of("GCE_METADATA_HOST", "name")::get)).isNull();
    assertThat(Surroundings.metadata(Map.<String, String>of()::get)).isNull();
  }

  @Test
  void aLoopThatDoesNotAnswerIsThisProcessesOwnFault() throws IOException {
    AtomicBoolean over = new AtomicBoolean();
    try (ScriptedServer target = new ScriptedServer(socket -> {});
        ProbeResources resources = ProbeResources.create()) {
      long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
      for (EventExecutor loop : resources.loops()) {
        loop.execute(() -> spin(end, over));
      }
      Climb climb = Fixtures.climb(new Target.Tcp("127.0.0.1", target.port()), resources);
      over.set(true);
      assertThat(Fixtures.failed(climb, Rung.SELF).signal()).isEqualTo(Signal.FROZEN);
    }
  }

  private static void spin(long end, AtomicBoolean over) {
    long turns = 0;
    while (System.nanoTime() < end && !over.get()) {
      turns++;
    }
    assertThat(turns).isPositive();
  }
}
