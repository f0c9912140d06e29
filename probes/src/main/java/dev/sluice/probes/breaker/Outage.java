package dev.sluice.probes.breaker;

import java.time.Duration;

/**
 * One stay of a breaker away from closed.
 *
 * @param length from its opening to the last probe that failed
 * @param contradicted whether it came back by a live request while its probes failed
 * @param failedProbe how long its failed probes took; zero where there was none
 */
record Outage(Duration length, boolean contradicted, Duration failedProbe) {
  private static final Duration BRIEF = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Better not opened: it was over at once, or there was none. */
  boolean falseOpening() {
    return contradicted || length.compareTo(BRIEF) < 0;
  }

  /** Better opened sooner. */
  boolean lasting() {
    return !contradicted && length.compareTo(LONG) >= 0;
  }
}
