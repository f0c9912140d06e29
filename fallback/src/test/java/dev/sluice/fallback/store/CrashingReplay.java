package dev.sluice.fallback.store;

import dev.sluice.config.Principal;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.ReplayListener;
import dev.sluice.fallback.replay.ReplayOutcome;
import dev.sluice.fallback.replay.Replayer;
import dev.sluice.fallback.replay.Sender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Accepts PUTs to few paths and POSTs without a key, numbered from the second argument on, and
 * releases them meanwhile, until it is killed. Says what was acknowledged, and what is sent before
 * it is sent; every line ends in a full stop, so that one that was cut off shows.
 */
final class CrashingReplay {
  static final int PATHS = 12;
  private static final int OUTSTANDING = 24;
  private static final int BACKLOG = 300;

  private CrashingReplay() {}

  public static void main(String[] arguments) throws Exception {
    SqliteStore store = open(Path.of(arguments[0]));
    Replayer replayer = replayer(store, CrashingReplay::say);
    replayer.start();
    Semaphore permits = new Semaphore(OUTSTANDING);
    for (int n = Integer.parseInt(arguments[1]); true; n++) {
      permits.acquire();
      NewWrite write = write(n);
      String words = write.target() + " " + n;
      store
          .accept(write)
          .whenComplete(
              (accepted, failure) -> {
                say("accepted " + (failure == null ? accepted.id() : failure) + " " + words);
                permits.release();
              });
      while (store.counts().get(WriteState.QUEUED) > BACKLOG) {
        replayer.wake();
        Thread.onSpinWait();
      }
    }
  }

  static SqliteStore open(Path file) {
    return SqliteStore.open(Writes.sealed(file, Writes.KEY), InstantSource.system());
  }

  /** A replay whose backend answers within twenty milliseconds. */
  static Replayer replayer(SqliteStore store, Consumer<String> history) {
    dev.sluice.config.Writes options =
        new dev.sluice.config.Writes(
            dev.sluice.config.Writes.Accept.ALWAYS,
            null,
            new Principal.Public(),
            Duration.ofHours(2),
            1 << 20,
            Duration.ofSeconds(60),
            false,
            false,
            dev.sluice.config.Writes.OnDead.CONTINUE,
            null,
            null);
    Sender sender =
        (write, within) -> {
          history.accept("sent " + words(write));
          return Mono.delay(Duration.ofMillis(5 + write.sequence() % 16))
              .thenReturn(new ReplayOutcome.Answered(200, List.of(), new byte[0]));
        };
    return new Replayer(
        store,
        sender,
        route -> true,
        Map.of("orders-write", options)::get,
        InstantSource.system(),
        new Random(),
        ReplayListener.NONE,
        dev.sluice.fallback.replay.Pace.DEFAULT);
  }

  private static NewWrite write(int n) {
    String path = "/p/" + n % PATHS;
    return n % 4 == 0
        ? Writes.write("POST", "/orders", null, null, "" + n)
        : Writes.write("PUT", path, path, null, "" + n);
  }

  private static String words(QueuedWrite write) {
    String number = new String(write.request().body(), StandardCharsets.UTF_8);
    return write.id() + " " + write.request().target() + " " + number;
  }

  private static synchronized void say(String line) {
    System.out.println(line + " .");
    System.out.flush();
  }
}
