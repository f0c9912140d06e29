package dev.sluice.config;

import dev.sluice.config.Breaker.Learning;
import dev.sluice.config.Breaker.LearningMode;
import java.time.Duration;

/** Reads {@code breaker:}. */
final class BreakerReader {
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final Duration RECOVERY = Duration.ofSeconds(8);
  private static final Duration LEAST_RETRY = Duration.ofSeconds(5);
  private static final Duration MOST_RETRY = Duration.ofMinutes(2);
  private static final int LEAST_FAILURES = 3;

  private BreakerReader() {}

  static Breaker breaker(Fields f, String environment) {
    int failures = f.number("failures", environment.equals("staging") ? 5 : 10, 1, 1000);
    Duration retryAfter = f.duration("retry-after", RETRY);
    Breaker breaker =
        new Breaker(
            failures,
            retryAfter,
            f.number("trial-climbs", 3, 1, 100),
            f.number("trial-calls", 3, 1, 100),
            f.duration("recovery", RECOVERY),
            learning(f.section("learning"), failures, retryAfter));
    f.end();
    return breaker;
  }

  /** The bounds hold the value that the file begins with. */
  private static Learning learning(Fields f, int failures, Duration retryAfter) {
    Learning learning =
        new Learning(
            f.choice("mode", LearningMode.ON),
            f.number("min-failures", Math.min(LEAST_FAILURES, failures), 1, 1000),
            f.number("max-failures", Math.min(1000, 2 * failures), 1, 1000),
            f.duration("min-retry-after", shorter(LEAST_RETRY, retryAfter)),
            f.duration("max-retry-after", longer(MOST_RETRY, retryAfter)));
    f.end();
    within(f, "failures", learning.leastFailures(), failures, learning.mostFailures());
    within(f, "retry-after", learning.leastRetryAfter(), retryAfter, learning.mostRetryAfter());
    return learning;
  }

  private static <T extends Comparable<T>> void within(
      Fields f, String what, T least, T value, T most) {
    boolean above = least.compareTo(value) > 0;
    if (above || most.compareTo(value) < 0) {
      String key = (above ? "min-" : "max-") + what;
      f.problems()
          .error(
              f.place(key),
              key + " must not be " + (above ? "above" : "below") + " breaker's own " + what,
              "what is learnt starts from there");
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
