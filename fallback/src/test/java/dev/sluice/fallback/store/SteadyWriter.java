package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.QueuedWrite;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Accepts some writes at a time and completes one of them, so many times over; says on its output
 * what was acknowledged, and closes the store.
 */
final class SteadyWriter {
  private static final int AT_ONCE = 5;

  private SteadyWriter() {}

  public static void main(String[] arguments) {
    InstantSource clock = InstantSource.system();
    int rounds = Integer.parseInt(arguments[1]);
    try (SqliteStore store = SqliteStore.open(Writes.config(Path.of(arguments[0])), clock)) {
      for (int round = 0; round < rounds; round++) {
        accept(store, round);
        QueuedWrite first = Writes.now(store.claim(1, clock.instant(), route -> true)).get(0);
        Writes.now(
            store
                .complete(first.id(), first.epoch(), Writes.done())
                .thenAccept(done -> say("completed " + first.id())));
      }
    }
  }

  private static void accept(SqliteStore store, int round) {
    List<CompletableFuture<Accepted>> offered = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      CompletableFuture<Accepted> accepted =
          store.accept(Writes.put("/a/" + i, "body " + round + "x".repeat(300 * i)));
      accepted.thenAccept(done -> say("accepted " + done.id()));
      offered.add(accepted);
    }
    offered.forEach(Writes::now);
  }

  /** One call of the kernel for each line. */
  private static synchronized void say(String line) {
    byte[] bytes = (line + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }
}
