package dev.sluice.probes.breaker;

import dev.sluice.config.Breaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one outage teaches. When to open: a false opening asks for half as many failures more, a
 * lasting outage for one less, and never for so many that a dead database is noticed later than
 * after fifteen seconds: one usual interval until the first probe, and then probes that take as
 * long as its failed ones did, or as long as an unanswered packet does. How soon to try: after a
 * quarter of the time that its outages last, at most twice or half of what it was.
 */
final class Lessons {
  private static final Duration NOTICED = Duration.ofSeconds(15);
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final long UNANSWERED_MILLIS = 1_200;
  private static final double JITTER = 1.1;
  private static final int TRIES = 4;

  private Lessons() {}

  static Learned after(Learned before, Outage outage, Breaker file) {
    Duration typical = outage.falseOpening() ? before.typical() : typical(before, outage.length());
    Duration probe = outage.failedProbe().isZero() ? before.failedProbe() : outage.failedProbe();
    Learned next =
        new Learned(
            Math.min(failures(before.failures(), outage), noticedWithin(probe)),
            outage.falseOpening() ? before.retryAfter() : retryAfter(before.retryAfter(), typical),
            before.outages() + 1,
            before.falseOpenings() + (outage.falseOpening() ? 1 : 0),
            typical,
            probe);
    return next.within(file.learning());
  }

  private static int failures(int before, Outage outage) {
    if (outage.falseOpening()) {
      return before + (before + 1) / 2;
    }
    return outage.lasting() ? before - 1 : before;
  }

  private static int noticedWithin(Duration probe) {
    long each = Math.max(UNANSWERED_MILLIS, probe.toMillis());
    long left = NOTICED.minus(FIRST).toMillis() - each;
    return Math.max(1, 1 + (int) (left / (JITTER * each)));
  }

  /** The geometric mean of what it was and the newest, so that one long outage is not for ever. */
  private static Duration typical(Learned before, Duration length) {
    return before.typical().isZero()
        ? length
        : Duration.ofMillis(
            (long) Math.sqrt((double) before.typical().toMillis() * length.toMillis()));
  }

  private static Duration retryAfter(Duration before, Duration typical) {
    long wished = typical.toMillis() / TRIES;
    long least = before.toMillis() / 2;
    long most = before.toMillis() * 2;
    return Duration.ofMillis(Math.max(least, Math.min(most, wished)));
  }

  /** What changed and why, in sentences; empty where nothing did. */
  static String explain(Learned before, Learned after, Outage outage) {
    List<String> said = new ArrayList<>();
    if (before.failures() != after.failures()) {
      said.add(
          "it opens after %d failures in a row instead of %d"
              .formatted(after.failures(), before.failures()));
    }
    if (!before.retryAfter().equals(after.retryAfter())) {
      said.add(
          "it is tried after %s instead of %s"
              .formatted(Spans.of(after.retryAfter()), Spans.of(before.retryAfter())));
    }
    return said.isEmpty() ? "" : String.join(" and ", said) + ", because " + because(after, outage);
  }

  private static String because(Learned after, Outage outage) {
    if (outage.contradicted()) {
      return "requests succeeded while its probes failed (false openings so far: %d of %d)"
          .formatted(after.falseOpenings(), after.outages());
    }
    if (outage.falseOpening()) {
      return "the outage was over within %s (false openings so far: %d of %d)"
          .formatted(Spans.of(outage.length()), after.falseOpenings(), after.outages());
    }
    return "the outage lasted %s (its usual: %s; a failed probe takes %s)"
        .formatted(
            Spans.of(outage.length()), Spans.of(after.typical()), Spans.of(after.failedProbe()));
  }
}
