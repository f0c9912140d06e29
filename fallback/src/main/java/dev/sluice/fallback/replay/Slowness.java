package dev.sluice.fallback.replay;

import java.time.Duration;

/**
 * Whether the backend answers a lane's writes more slowly than it is used to: the mean of a window
 * above twice the least mean that was seen, which is forgotten slowly. Some milliseconds are no
 * sign of anything: this machine may be busy. For one thread.
 */
final class Slowness {
  private static final double TOO_SLOW = 2;
  private static final double FORGOTTEN = 1.02;
  private static final double NOTHING_MILLIS = 50;

  private double usual = Double.MAX_VALUE;
  private double sum;
  private int seen;

  /**
   * An answer came after this long.
   *
   * @param window how many answers are judged together
   * @return whether this one ended a window that was too slow
   */
  boolean slow(Duration took, int window) {
    sum += took.toNanos() / 1e6;
    seen++;
    if (seen < window) {
      return false;
    }
    double mean = sum / seen;
    sum = 0;
    seen = 0;
    boolean slow =
        usual < Double.MAX_VALUE && mean > Math.max(TOO_SLOW * usual, usual + NOTHING_MILLIS);
    usual = Math.min(mean, usual * FORGOTTEN);
    return slow;
  }
}
