package dev.sluice.demo.fleet;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits, never for ever. */
final class Waiting {
  private static final long OFTEN = TimeUnit.MILLISECONDS.toNanos(200);

  private Waiting() {}

  /**
   * Until something holds.
   *
   * @param what it is, for whoever reads the failure
   */
  static void until(String what, Duration most, BooleanSupplier holds) {
    long end = System.nanoTime() + most.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("not within " + most.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(OFTEN);
    }
  }

  /** So long. */
  static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
