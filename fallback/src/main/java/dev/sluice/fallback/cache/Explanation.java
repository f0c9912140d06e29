package dev.sluice.fallback.cache;

import dev.sluice.config.Reads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Says what a copy is good for at a moment, and why. Pure. */
public final class Explanation {
  private static final HeaderFields PLAIN = HeaderFields.of(List.of());

  private Explanation() {}

  /** What a plain GET would get now. */
  public static String now(Reads reads, StoredCopy copy, Instant now) {
    if (!reads.standard()) {
      return "the backend is asked: copies of this route are for outages alone";
    }
    Reuse.Plan plan = Reuse.plan(reads, PLAIN, copy, true, now);
    return switch (plan.act()) {
      case SERVE ->
          plan.detail() == null
              ? "served, fresh for another " + copy.ttlSeconds(now) + " s"
              : "served although it is stale: " + plan.detail();
      case SERVE_AND_REFRESH -> "served while the backend is asked: stale-while-revalidate";
      case VALIDATE -> "the backend is asked whether it still holds: " + stale(copy, now);
      case FETCH -> "the backend is asked: " + stale(copy, now) + ", and has no validator";
      case NOTHING -> "refused";
    };
  }

  private static String stale(StoredCopy copy, Instant now) {
    return copy.terms().unsettled()
        ? "its answer says no-cache"
        : "it has been stale for " + -copy.ttlSeconds(now) + " s";
  }

  /** What the same would get while the backend cannot answer. */
  public static String outage(Reads reads, StoredCopy copy, Instant now) {
    Duration left = left(reads, copy, now);
    if (!left.isZero()) {
      return "served for another " + left.toSeconds() + " s";
    }
    Terms terms = copy.terms();
    boolean forbidden = reads.standard() && (terms.strict() || terms.unsettled());
    return forbidden
        ? "not served: its answer forbids stale use (must-revalidate, proxy-revalidate, s-maxage"
            + " or no-cache)"
        : "not served: it is older than max-stale and its answer allow";
  }

  /** For how long it could be served in an outage that began now. */
  static Duration left(Reads reads, StoredCopy copy, Instant now) {
    Duration left =
        reads.standard()
            ? Duration.ofSeconds(Reuse.left(reads, copy, now))
            : reads.maxStale().minus(copy.age(now));
    return left.isNegative() ? Duration.ZERO : left;
  }
}
