package dev.sluice.probes.breaker;

import dev.sluice.config.Breaker;
import dev.sluice.config.Breaker.Learning;
import dev.sluice.config.Breaker.LearningMode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the outages of one dependency have taught its breaker.
 *
 * @param failures in a row that open it
 * @param retryAfter how long it waits where no probe tells it sooner
 * @param outages that were seen, false openings among them
 * @param falseOpenings openings that were over at once, or that live requests contradicted
 * @param typical how long its outages last
 * @param failedProbe how long a probe takes that fails
 */
public record Learned(
    int failures,
    Duration retryAfter,
    int outages,
    int falseOpenings,
    Duration typical,
    Duration failedProbe) {

  private static final Pattern WRITTEN =
      Pattern.compile(
          "failures=(\\d{1,4}) retry-after=(\\S{1,30}) outages=(\\d{1,9}) false=(\\d{1,9})"
              + " typical=(\\S{1,30}) failed-probe=(\\S{1,30})");

  /** Before the first outage. */
  static Learned nothing(Breaker file) {
    return new Learned(file.failures(), file.retryAfter(), 0, 0, Duration.ZERO, Duration.ZERO);
  }

  /** As it is kept, in one line. */
  public String written() {
    return "failures=%d retry-after=%s outages=%d false=%d typical=%s failed-probe=%s"
        .formatted(failures, retryAfter, outages, falseOpenings, typical, failedProbe);
  }

  /** What was {@link #written}; null where it was not, or not by this version. */
  public static @Nullable Learned read(String text) {
    Matcher m = WRITTEN.matcher(text);
    try {
      return m.matches()
          ? new Learned(
              Integer.parseInt(m.group(1)),
              Duration.parse(m.group(2)),
              Integer.parseInt(m.group(3)),
              Integer.parseInt(m.group(4)),
              Duration.parse(m.group(5)),
              Duration.parse(m.group(6)))
          : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** For people, in one sentence; empty before the first outage. */
  public String sentence() {
    return outages == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "Learnt from %d outages (%d of them false openings, usually %s long): opens after %d"
                + " failures in a row, tries again after %s.",
            outages,
            falseOpenings,
            Spans.of(typical),
            failures,
            Spans.of(retryAfter));
  }

  /** The file's settings with what was learnt, within the file's bounds. */
  static Breaker apply(@Nullable Learned learned, Breaker file) {
    if (learned == null || file.learning().mode() != LearningMode.ON) {
      return file;
    }
    Learned within = learned.within(file.learning());
    return file.with(within.failures, within.retryAfter);
  }

  /** The nearest to it that the bounds allow. */
  Learned within(Learning bounds) {
    int some = Math.max(bounds.leastFailures(), Math.min(bounds.mostFailures(), failures));
    Duration least = bounds.leastRetryAfter();
    Duration most = bounds.mostRetryAfter();
    Duration after =
        retryAfter.compareTo(least) < 0
            ? least
            : retryAfter.compareTo(most) > 0 ? most : retryAfter;
    return new Learned(some, after, outages, falseOpenings, typical, failedProbe);
  }
}
