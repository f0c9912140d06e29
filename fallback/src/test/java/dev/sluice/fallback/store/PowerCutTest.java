package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.store.LosingDisk.Survivors;
import dev.sluice.fallback.store.SystemCalls.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The machine loses its power. What a process wrote and synced is known from its system calls; the
 * disk is made again as it was at each sync, without what had not been synced, and the store is
 * opened on it: what had been acknowledged by then must be there. A kill cannot show this, for the
 * kernel's cache outlives the process.
 */
@Tag("crash")
class PowerCutTest {
  private static final int ROUNDS = 12;

  @TempDir Path folder;
  private int disks;

  /** What a process did that was told of its syncs whatever strace was asked for. */
  private List<Call> calls(String inject) throws Exception {
    Path files = Files.createDirectory(folder.resolve("traced"));
    Path log = folder.resolve("trace.log");
    List<String> command =
        ChildProcess.java(
            List.of("-XX:+UseSerialGC"), SteadyWriter.class, files.resolve("sluice.db"), ROUNDS);
    String said = ChildProcess.run(0, SystemCalls.traced(log, inject, command));
    assertThat(said.lines().filter(line -> line.startsWith("accepted"))).hasSize(5 * ROUNDS);
    List<Call> calls = SystemCalls.read(log, files);
    assertThat(said(calls)).hasSize(6 * ROUNDS);
    return calls;
  }

  private static List<String> said(List<Call> calls) {
    return calls.stream().flatMap(call -> said(call).stream()).toList();
  }

  /** Not what its own children say. */
  private static List<String> said(Call call) {
    return call.said()
        .lines()
        .filter(line -> line.startsWith("accepted ") || line.startsWith("completed "))
        .toList();
  }

  @Test
  @Timeout(300)
  void whatWasAcknowledgedOutlivesIt() throws Exception {
    List<Call> calls = calls("");
    for (Survivors survivors : List.of(Survivors.NONE, Survivors.ALL, Survivors.EVERY_OTHER)) {
      assertThat(lost(calls, survivors)).isEmpty();
    }
    assertThat(disks).as("disks that were looked at").isGreaterThan(3 * 2 * ROUNDS);
  }

  /** Invariant: the sync has returned before anything is said of what it made safe. */
  @Test
  @Timeout(120)
  void nothingIsAcknowledgedBetweenAWriteAndItsSync() throws Exception {
    boolean unsynced = false;
    for (Call call : calls("")) {
      if (call.name().equals("pwrite64") && call.file().endsWith("-wal")) {
        unsynced = true;
      } else if (call.sync() && call.file().endsWith("-wal")) {
        unsynced = false;
      }
      assertThat(unsynced && !said(call).isEmpty()).as(call.said()).isFalse();
    }
  }

  /** So that it is known that this test can fail. */
  @Test
  @Timeout(120)
  void aSyncThatIsSkippedIsFound() throws Exception {
    assertThat(lost(calls("fsync,fdatasync:retval=0:when=20+"), Survivors.NONE)).isNotEmpty();
  }

  /** The same for one who acknowledges too early. */
  @Test
  @Timeout(120)
  void anEarlyAcknowledgementIsFound() throws Exception {
    List<Call> early = new ArrayList<>();
    for (Call call : calls("")) {
      int at = early.size();
      while (!said(call).isEmpty() && at > 0 && !early.get(at - 1).sync()) {
        at--;
      }
      early.add(said(call).isEmpty() ? at : Math.max(0, at - 1), call);
    }
    assertThat(lost(early, Survivors.NONE)).isNotEmpty();
  }

  /** Cuts the power before and after each sync; answers what is missed then. */
  private List<String> lost(List<Call> calls, Survivors survivors) throws Exception {
    LosingDisk disk = new LosingDisk();
    List<String> acknowledged = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    for (Call call : calls) {
      if (call.sync()) {
        lost.addAll(missed(disk, survivors, acknowledged));
      }
      disk.take(call);
      acknowledged.addAll(said(call));
    }
    lost.addAll(missed(disk, survivors, acknowledged));
    return lost;
  }

  private List<String> missed(LosingDisk disk, Survivors survivors, List<String> acknowledged)
      throws IOException {
    if (acknowledged.isEmpty()) {
      return List.of(); // a store that was being made
    }
    Path there = Files.createDirectory(folder.resolve("disk" + disks++));
    disk.restore(there, survivors);
    try (SqliteStore store =
        SqliteStore.open(Writes.config(there.resolve("sluice.db")), InstantSource.system())) {
      return acknowledged.stream().filter(line -> !holds(store, line)).toList();
    } catch (StoreUnusable e) {
      return List.of("everything: " + e.getMessage());
    }
  }

  private static boolean holds(SqliteStore store, String line) {
    String[] words = line.split(" ");
    Optional<QueuedWrite> found = Writes.now(store.find(words[1]));
    return found.isPresent()
        && new String(found.get().request().body(), java.nio.charset.StandardCharsets.UTF_8)
            .startsWith("body ")
        && (words[0].equals("accepted") || found.get().state() == WriteState.SUCCEEDED);
  }
}
