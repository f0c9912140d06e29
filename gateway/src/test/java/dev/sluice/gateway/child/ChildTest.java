package dev.sluice.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: a shell that does what the test says. */
@Timeout(60)
class ChildTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<Ending> endings = new CopyOnWriteArrayList<>();
  private Child child;

  private void start(String script, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(Map.of("PATH", System.getenv("PATH")));
    environment.putAll(more);
    child =
        new Child(
            List.of("sh", "-c", script),
            environment,
            Clock.systemUTC(),
            System::nanoTime,
            endings::add);
    child.start();
  }

  @AfterEach
  void stop() {
    if (child != null) {
      child.close();
      await().atMost(PATIENCE).until(() -> child.state().pid() == null);
    }
  }

  @Test
  void whatEndsIsStartedAgainAndItsLastWordsAreKept() {
    start(
        "echo well; echo 'no login with open-sesame' >&2; exit 3", Map.of("A_KEY", "open-sesame"));
    await().atMost(PATIENCE).until(() -> endings.size() >= 2);
    Ending first = endings.get(0);
    assertThat(first.code()).isEqualTo(3);
    assertThat(first.row()).isEqualTo(1);
    assertThat(first.lines()).containsExactly("no login with ***");
    assertThat(first.words()).startsWith("its process ended with 3 after ");
    Duration between = Duration.between(first.at(), endings.get(1).at());
    assertThat(between).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(endings.get(1).words()).endsWith(", 2 times now");
    child.well();
    assertThat(child.state().ending()).isNull();
  }

  @Test
  void itIsStartedAtOnceWhenWhatItNeedsIsBack(@TempDir Path folder) throws IOException {
    Path there = folder.resolve("there");
    start("test -f " + there + " && exec sleep 60; exit 1", Map.of());
    await().atMost(PATIENCE).until(() -> endings.size() >= 3);
    Files.createFile(there);
    long begun = System.nanoTime();
    child.nudge();
    await().atMost(PATIENCE).until(() -> child.state().pid() != null);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void itIsAskedToEndAndDoesWhatItHasToDo(@TempDir Path folder) {
    Path ready = folder.resolve("ready");
    Path tidied = folder.resolve("tidied");
    start(
        "trap 'touch %s; exit 0' TERM; touch %s; while :; do sleep .05; done"
            .formatted(tidied, ready),
        Map.of());
    await().atMost(PATIENCE).until(() -> Files.exists(ready));
    child.stop(Duration.ofSeconds(10));
    assertThat(tidied).exists();
    assertThat(endings).as("nobody is told of what was asked for").isEmpty();
  }

  @Test
  void whatWillNotEndIsKilledWithAllThatItStarted(@TempDir Path folder) {
    Path ready = folder.resolve("ready");
    start(
        "trap '' TERM; sleep 60 & touch %s; while :; do sleep .05; done".formatted(ready),
        Map.of());
    await().atMost(PATIENCE).until(() -> Files.exists(ready));
    long pid = child.state().pid();
    List<ProcessHandle> all = ProcessHandle.of(pid).orElseThrow().descendants().toList();
    assertThat(all).isNotEmpty();
    child.stop(Duration.ofMillis(200));
    await().atMost(PATIENCE).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
  }

  @Test
  void aProgramThatIsNotThereIsSaidAtOnce() {
    Child none =
        new Child(
            List.of("/no/such/program"),
            Map.of(),
            Clock.systemUTC(),
            System::nanoTime,
            endings::add);
    assertThatThrownBy(none::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the backend's command cannot be started")
        .hasMessageContaining("/no/such/program");
  }
}
