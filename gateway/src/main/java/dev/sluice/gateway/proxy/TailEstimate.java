package dev.sluice.gateway.proxy;

/**
 * A running estimate of the 99th percentile of durations, in one number: each that is longer raises
 * it a little, each other lowers it by a ninety-ninth of that, so that it rests where one in a
 * hundred is longer. Steps are relative, so that it follows a change of scale within some hundred
 * durations.
 */
final class TailEstimate {
  private static final double RAISE = 1.05;
  private static final double LOWER = Math.pow(RAISE, -1.0 / 99);
  private static final double LEAST_NANOS = 100_000;

  private double nanos;

  TailEstimate(long firstNanos) {
    nanos = firstNanos;
  }

  void add(long duration) {
    nanos = Math.max(LEAST_NANOS, nanos * (duration > nanos ? RAISE : LOWER));
  }

  long nanos() {
    return (long) nanos;
  }
}
