package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.QueuedWrite;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;

/** Writes until it is killed; says on its output what was acknowledged and what was completed. */
final class CrashingWriter {
  private static final int OUTSTANDING = 32;

  private CrashingWriter() {}

  public static void main(String[] arguments) throws Exception {
    InstantSource clock = InstantSource.system();
    SqliteStore store = SqliteStore.open(Writes.sealed(Path.of(arguments[0]), Writes.KEY), clock);
    Semaphore permits = new Semaphore(OUTSTANDING);
    for (int i = 0; true; i++) {
      permits.acquire();
      store
          .accept(Writes.put("/a/" + i % 50, "body " + i))
          .whenComplete(
              (accepted, failure) -> {
                permits.release();
                say(failure == null ? "accepted " + accepted.id() : "failed " + failure);
              });
      if (i % 10 == 0) {
        finish(store, clock.instant());
      }
    }
  }

  private static void finish(SqliteStore store, Instant now) {
    for (QueuedWrite write : Writes.now(store.claim(3, now, route -> true))) {
      say("claimed " + write.id());
      if (write.sequence() % 4 != 0) {
        store
            .complete(write.id(), write.epoch(), Writes.done())
            .thenAccept(done -> say("completed " + write.id()));
      }
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
