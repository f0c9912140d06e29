package dev.sluice.gateway.app;

/** How clients fared over a time. */
final class Fared {
  /** Fewer requests tell nothing. */
  private static final int FEWEST = 20;

  private static final int FEWEST_FAILED = 3;
  private static final double BY_HALF = 1.5;
  private static final double P95 = .95;

  /** Chance goes beyond so many standard deviations once in a thousand times. */
  private static final double DEVIATIONS = 3;

  /** One per cent of failures, and five milliseconds, are nothing to speak of. */
  private static final double SHARE = .01;

  private static final int MILLIS = 5;

  private final long requests;
  private final long failed;
  private final long[] durations;

  /**
   * @param durations counts by {@link Chronicle#index}; this object's own from now on
   */
  Fared(long requests, long failed, long[] durations) {
    this.requests = requests;
    this.failed = failed;
    this.durations = durations;
  }

  /** What came after an earlier look at the same time. */
  Fared since(Fared earlier) {
    long[] more = new long[durations.length];
    for (int i = 0; i < more.length; i++) {
      more[i] = durations[i] - earlier.durations[i];
    }
    return new Fared(requests - earlier.requests, failed - earlier.failed, more);
  }

  /**
   * Whether failures, or the 95th per cent of durations, have risen by half: of the durations more
   * than chance allows are above what they may be.
   */
  boolean worseThan(Fared usual) {
    if (requests < FEWEST || usual.requests < FEWEST) {
      return false;
    }
    boolean fails = failed >= FEWEST_FAILED && share() > usual.share() * BY_HALF && share() > SHARE;
    double expected = requests * (1 - P95);
    double chance = DEVIATIONS * Math.sqrt(expected * P95) + 1;
    double most = Math.max(usual.p95() * BY_HALF, usual.p95() + MILLIS);
    return fails || above(most) > expected + chance;
  }

  private long above(double millis) {
    long above = 0;
    for (int i = 0; i < durations.length; i++) {
      above += Chronicle.upTo(i) > millis ? durations[i] : 0;
    }
    return above;
  }

  private double share() {
    return (double) failed / requests;
  }

  private double p95() {
    long left = (long) Math.ceil(requests * P95);
    for (int i = 0; i < durations.length; i++) {
      left -= durations[i];
      if (left <= 0) {
        return Chronicle.upTo(i);
      }
    }
    return Chronicle.upTo(durations.length - 1);
  }
}
