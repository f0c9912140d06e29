package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.Replayer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The order of what is sent, over several processes that were killed while they sent it. */
class KilledReplayTest {
  private static final int NUMBERS = 100_000;

  @TempDir Path folder;
  private final List<Line> accepted = new ArrayList<>();
  private final List<Line> sent = new ArrayList<>();
  private int rounds;
  private int unclear;

  private record Line(String id, String target, int number) {
    boolean put() {
      return !target.equals("/orders");
    }
  }

  @Test
  @Timeout(120)
  void aKillChangesNeitherOrderNorNumber() throws Exception {
    killed(3, 900);
  }

  /** {@code mvn -B verify -Pcrash -Dcrash.rounds=200}. */
  @Test
  @Tag("crash")
  @Timeout(3600)
  void norDoHundredsOfThem() throws Exception {
    killed(Integer.getInteger("crash.rounds", 200), 300);
  }

  private void killed(int times, int lines) throws Exception {
    rounds = times;
    Path file = folder.resolve("killed.db");
    for (int round = 0; round < rounds; round++) {
      runAndKill(file, round * NUMBERS, lines + 131 * (round % 3));
    }
    try (SqliteStore store = CrashingReplay.open(file);
        Replayer replayer = CrashingReplay.replayer(store, line -> note(line + " ."))) {
      replayer.start();
      await().atMost(Duration.ofSeconds(60)).until(() -> !store.anyBacklog());
      assertThat(accepted).hasSizeGreaterThan(300);
      putsKeepTheirOrder(store);
      writesWithoutKeyGoOutOnce(store);
      assertThat(unclear).as("in flight at a kill").isBetween(1, rounds * 32);
    }
  }

  private void putsKeepTheirOrder(SqliteStore store) {
    Map<String, List<Line>> byPath =
        sent.stream()
            .filter(Line::put)
            .collect(Collectors.groupingBy(Line::target, TreeMap::new, Collectors.toList()));
    assertThat(byPath).hasSizeGreaterThan(5);
    byPath.forEach(
        (path, lines) -> {
          // Equal neighbours are repetitions: a PUT whose outcome a kill left open is sent again.
          assertThat(lines).as(path).extracting(Line::number).isSorted();
          int repetitions = lines.size() - Set.copyOf(lines).size();
          assertThat(repetitions).as("repetitions of " + path).isLessThanOrEqualTo(rounds);
          unclear += repetitions;
        });
    Set<Line> all = new HashSet<>(sent);
    Map<String, Long> sequences = new TreeMap<>();
    for (Line line : accepted) {
      QueuedWrite write = found(store, line);
      if (line.put()) {
        assertThat(all).contains(line);
        assertThat(write.state()).isEqualTo(WriteState.SUCCEEDED);
        Long before = sequences.put(line.target(), write.sequence());
        assertThat(write.sequence()).isGreaterThan(before == null ? 0 : before);
      }
    }
  }

  private void writesWithoutKeyGoOutOnce(SqliteStore store) {
    List<String> ids = sent.stream().filter(line -> !line.put()).map(Line::id).toList();
    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(50);
    Set<String> once = Set.copyOf(ids);
    for (Line line : accepted) {
      QueuedWrite write = found(store, line);
      if (!line.put() && write.state() != WriteState.SUCCEEDED) {
        assertThat(write.state()).isEqualTo(WriteState.AMBIGUOUS);
        assertThat(write.interrupted()).isTrue();
        unclear++;
      } else if (!line.put()) {
        assertThat(once).contains(line.id());
      }
    }
  }

  private static QueuedWrite found(SqliteStore store, Line line) {
    return Writes.now(store.find(line.id())).orElseThrow(() -> new AssertionError("lost " + line));
  }

  private void runAndKill(Path file, int from, int lines) throws Exception {
    ChildProcess.killAfter(
        lines,
        ChildProcess.java(List.of(), CrashingReplay.class, file, from),
        folder.resolve("child.log"),
        this::note);
  }

  /** A line without its full stop was cut by the kill. */
  private void note(String text) {
    String[] words = text.split(" ");
    if (words.length == 5 && words[4].equals(".")) {
      Line line = new Line(words[1], words[2], Integer.parseInt(words[3]));
      (words[0].equals("sent") ? sent : accepted).add(line);
    }
  }
}
