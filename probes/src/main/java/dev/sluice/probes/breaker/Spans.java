package dev.sluice.probes.breaker;

import java.time.Duration;

/** Durations in words. */
final class Spans {
  private Spans() {}

  /** {@code 850 ms}, {@code 12.5 s}, {@code 3 min 20 s}. */
  static String of(Duration span) {
    long millis = span.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return "%d.%d s".formatted(millis / 1_000, millis % 1_000 / 100);
    }
    return "%d min %d s".formatted(span.toMinutes(), span.toSecondsPart());
  }
}
