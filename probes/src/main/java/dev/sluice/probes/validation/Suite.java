package dev.sluice.probes.validation;

import java.time.Duration;

/**
 * How thorough a validation is.
 *
 * <p>Some failures at first are followed by more tries, so that a healthy way with a rare failure
 * is not called broken, and a broken one not fixed.
 */
public enum Suite {
  /** Every rung once, and what backends say. */
  BASIC(0, 0, Duration.ZERO),
  /** Some connections, to be compared with those of other days. */
  PERFORMANCE(60, 240, Duration.ofSeconds(10)),
  /** Well under a minute. */
  QUICK(100, 400, Duration.ofSeconds(12)),
  /** Finds one connection in twenty that fails with all but certainty. */
  FULL(400, 1600, Duration.ofMinutes(4));

  private final int connects;
  private final int most;
  private final Duration patience;

  Suite(int connects, int most, Duration patience) {
    this.connects = connects;
    this.most = most;
    this.patience = patience;
  }

  /** Connections that are made anew to each dependency. */
  public int connects() {
    return connects;
  }

  /** The same where some of the first ones failed. */
  public int mostConnects() {
    return most;
  }

  /** How long those of one dependency may take. */
  public Duration patience() {
    return patience;
  }
}
