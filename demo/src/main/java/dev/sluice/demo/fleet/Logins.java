package dev.sluice.demo.fleet;

import dev.sluice.demo.postgres.EmbeddedPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts the sessions that gateways begin on a database of their own, five times a second. The
 * server's own count begins anew when it has crashed.
 */
final class Logins implements AutoCloseable {
  /** The database that the gateways' probes log in to. */
  static final String DATABASE = "probes";

  private static final String ASKED =
      "select sessions from pg_stat_database where datname = '" + DATABASE + "'";

  private final EmbeddedPostgres server;
  private final Thread thread = new Thread(this::count, "logins");
  private final List<Long> seen = new ArrayList<>();
  private volatile boolean closed;

  Logins(EmbeddedPostgres server) {
    this.server = server;
    thread.setDaemon(true);
    thread.start();
  }

  private void count() {
    long before = -1;
    while (!closed) {
      long now = asked();
      if (now >= 0) {
        long fresh = before < 0 ? 0 : now >= before ? now - before : now;
        note(fresh);
        before = now;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  /** Minus one while it does not answer. */
  private long asked() {
    try {
      return Long.parseLong(server.query(ASKED).get(0));
    } catch (RuntimeException e) {
      return -1;
    }
  }

  private synchronized void note(long fresh) {
    for (long i = 0; i < fresh; i++) {
      seen.add(System.nanoTime());
    }
  }

  /** How many began since a moment. */
  synchronized long since(long nanos) {
    return seen.stream().filter(at -> at - nanos >= 0).count();
  }

  /** The longest time without any since a moment. */
  synchronized Duration longestGap(long nanos) {
    long last = nanos;
    long longest = 0;
    for (long at : seen) {
      if (at - nanos >= 0) {
        longest = Math.max(longest, at - last);
        last = at;
      }
    }
    return Duration.ofNanos(Math.max(longest, System.nanoTime() - last));
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
