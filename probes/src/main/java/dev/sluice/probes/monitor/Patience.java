package dev.sluice.probes.monitor;

import java.time.Duration;

/**
 * How long an answer is waited for while requests fail: what takes eight times as long as usual,
 * and a second at least, explains them, and the deadline would tell so much later.
 */
final class Patience {
  private static final int OVERLY = 8;
  private static final Duration LEAST = Duration.ofSeconds(1);

  private Patience() {}

  static Duration of(Duration usual, Duration deadline) {
    Duration overly = usual.multipliedBy(OVERLY);
    Duration enough = overly.compareTo(LEAST) < 0 ? LEAST : overly;
    return enough.compareTo(deadline) < 0 ? enough : deadline;
  }
}
