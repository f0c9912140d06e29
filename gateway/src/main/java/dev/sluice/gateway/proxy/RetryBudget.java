package dev.sluice.gateway.proxy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many further tries a backend gets, so that failures do not multiply its load: a fifth of its
 * requests, and three a second where there are few. Safe from any thread; no locks.
 */
final class RetryBudget {
  private static final long TRY = 5;
  private static final long MOST = 100 * TRY;
  private static final int LEAST_A_SECOND = 3;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Fifths of a try that requests have earned. */
  private final AtomicLong earned = new AtomicLong();

  /** The second, and the tries given in it beyond what was earned. */
  private final AtomicLong given = new AtomicLong();

  /** A request that may be tried again was sent. */
  void request() {
    if (earned.get() < MOST) {
      earned.incrementAndGet();
    }
  }

  /** Takes one further try; false where there is none. */
  boolean take(long nanos) {
    for (long had = earned.get(); had >= TRY; had = earned.get()) {
      if (earned.compareAndSet(had, had - TRY)) {
        return true;
      }
    }
    long second = Math.floorDiv(nanos, SECOND) << 2;
    for (long had = given.get(); (had & ~3L) != second || (had & 3L) < LEAST_A_SECOND; ) {
      long next = (had & ~3L) == second ? had + 1 : second + 1;
      if (given.compareAndSet(had, next)) {
        return true;
      }
      had = given.get();
    }
    return false;
  }
}
