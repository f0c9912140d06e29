package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process had acknowledged is there when the next one opens the file. */
class KilledProcessTest {
  private static final int ROUNDS = 3;
  private static final int LINES = 600;

  @TempDir Path folder;
  private final Set<String> accepted = new HashSet<>();
  private final Set<String> claimed = new HashSet<>();
  private final Set<String> completed = new HashSet<>();

  @Test
  @Timeout(90)
  void keepsWhatWasAcknowledged() throws Exception {
    Path file = folder.resolve("killed.db");
    for (int round = 0; round < ROUNDS; round++) {
      runAndKill(file, LINES + 97 * round);
      try (SqliteStore store =
          SqliteStore.open(Writes.sealed(file, Writes.KEY), InstantSource.system())) {
        assertThat(store.counts()).containsEntry(WriteState.IN_FLIGHT, 0L);
        accepted.forEach(id -> verify(store, id));
        assertThat(store.healthy()).isTrue();
      }
    }
    assertThat(accepted).hasSizeGreaterThan(ROUNDS * 300);
    assertThat(completed).isNotEmpty();
  }

  private void verify(SqliteStore store, String id) {
    QueuedWrite write =
        Writes.now(store.find(id)).orElseThrow(() -> new AssertionError("lost " + id));
    if (completed.contains(id)) {
      assertThat(write.state()).isEqualTo(WriteState.SUCCEEDED);
      assertThat(write.answer()).isEqualTo(Writes.done().answer());
    } else if (claimed.contains(id) && write.state() != WriteState.SUCCEEDED) {
      assertThat(write.interrupted()).isTrue();
    }
    assertThat(write.request().body()).asString().startsWith("body ");
  }

  private void runAndKill(Path file, int lines) throws Exception {
    ChildProcess.killAfter(
        lines,
        ChildProcess.java(List.of(), CrashingWriter.class, file),
        folder.resolve("child.log"),
        this::note);
  }

  /** The kill may cut the last line short. */
  private void note(String line) {
    String[] words = line.split(" ", 2);
    if (words.length < 2 || words[1].length() != 32) {
      assertThat(words[0]).isNotEqualTo("failed");
      return;
    }
    switch (words[0]) {
      case "accepted" -> accepted.add(words[1]);
      case "claimed" -> claimed.add(words[1]);
      case "completed" -> completed.add(words[1]);
      default -> throw new AssertionError(line);
    }
  }
}
