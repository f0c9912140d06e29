package dev.sluice.fallback.cache;

import dev.sluice.config.Principal;
import dev.sluice.config.Reads;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a stored answer is good for, now and for one request (RFC 9111, section 4; RFC 5861). Pure.
 * For routes whose cache is {@code standard}.
 */
public final class Reuse {
  /** What is to be done. */
  public enum Act {
    /** The copy is the answer. */
    SERVE,
    /** The same, and the backend is asked behind the client's back. */
    SERVE_AND_REFRESH,
    /** The backend is asked whether the copy still holds. */
    VALIDATE,
    /** The backend is asked for the answer. */
    FETCH,
    /** The client wants a copy or nothing, and there is none. */
    NOTHING
  }

  /**
   * @param forwarded why the backend is asked
   * @param detail why a copy is served that is not fresh; else null
   */
  public record Plan(Act act, CacheStatus.Forwarded forwarded, @Nullable String detail) {}

  private static final Plan HIT = new Plan(Act.SERVE, CacheStatus.Forwarded.BYPASS, null);
  private static final Plan NOTHING = new Plan(Act.NOTHING, CacheStatus.Forwarded.BYPASS, null);

  private Reuse() {}

  /**
   * The plan for a GET or HEAD.
   *
   * @param copy for its key and variant; null for none
   * @param known whether other variants are stored
   */
  public static Plan plan(
      Reads reads, HeaderFields request, @Nullable StoredCopy copy, boolean known, Instant now) {
    CacheControl asked = CacheControl.asked(request);
    if (asked.has("no-store")) {
      return fetch(CacheStatus.Forwarded.REQUEST);
    }
    if (copy == null) {
      return asked.has("only-if-cached")
          ? NOTHING
          : fetch(known ? CacheStatus.Forwarded.VARY_MISS : CacheStatus.Forwarded.URI_MISS);
    }
    if (request.has("Authorization") && !copy.terms().shares() && !keyed(reads)) {
      return fetch(CacheStatus.Forwarded.BYPASS);
    }
    long ttl = copy.ttlSeconds(now);
    boolean wanted = wanted(asked, copy, ttl, now);
    if (wanted && ttl > 0 && !copy.terms().unsettled()) {
      return HIT;
    }
    Plan stale = wanted || ttl <= 0 ? stale(reads, asked, copy, -ttl, now) : null;
    if (stale != null) {
      return stale;
    }
    if (asked.has("only-if-cached")) {
      return NOTHING;
    }
    return ask(request, copy, ttl > 0 && !copy.terms().unsettled());
  }

  /** Each principal has copies of its own. */
  static boolean keyed(Reads reads) {
    return reads.principal() instanceof Principal.Header
        || reads.principal() instanceof Principal.Claim;
  }

  /** The client takes what is that old, and that close to its end (RFC 9111, section 5.2.1). */
  private static boolean wanted(CacheControl asked, StoredCopy copy, long ttl, Instant now) {
    if (asked.empty()) {
      return true;
    }
    long oldest = asked.seconds("max-age");
    long least = asked.seconds("min-fresh");
    return !asked.has("no-cache")
        && (oldest < 0 || (oldest > 0 && copy.ageSeconds(now) <= oldest))
        && (least < 0 || ttl >= least);
  }

  /** A stale copy that is as good as the answer: somebody said so. */
  private static @Nullable Plan stale(
      Reads reads, CacheControl asked, StoredCopy copy, long staleness, Instant now) {
    Terms terms = copy.terms();
    if (terms.strict() || terms.unsettled() || staleness > reads.maxStale().toSeconds()) {
      return null;
    }
    boolean plain = !asked.has("no-cache") && !asked.has("max-age");
    if (plain && taken(asked, staleness)) {
      return new Plan(Act.SERVE, CacheStatus.Forwarded.STALE, "max-stale");
    }
    if (plain && !asked.has("min-fresh") && staleness < terms.whileRevalidate()) {
      return copy.held(now)
          ? new Plan(Act.SERVE, CacheStatus.Forwarded.STALE, "hold-off")
          : new Plan(Act.SERVE_AND_REFRESH, CacheStatus.Forwarded.STALE, "stale-while-revalidate");
    }
    return copy.held(now) && onError(reads, copy, now)
        ? new Plan(Act.SERVE, CacheStatus.Forwarded.STALE, "hold-off")
        : null;
  }

  private static boolean taken(CacheControl asked, long staleness) {
    String argument = asked.argument("max-stale");
    return argument != null && (argument.isEmpty() || staleness <= asked.seconds("max-stale"));
  }

  private static Plan ask(HeaderFields request, StoredCopy copy, boolean fresh) {
    CacheStatus.Forwarded why = fresh ? CacheStatus.Forwarded.REQUEST : CacheStatus.Forwarded.STALE;
    if (request.has("Range")) {
      return fetch(CacheStatus.Forwarded.PARTIAL);
    }
    boolean validator = copy.fields().has("ETag") || copy.fields().has("Last-Modified");
    return new Plan(validator ? Act.VALIDATE : Act.FETCH, why, null);
  }

  private static Plan fetch(CacheStatus.Forwarded why) {
    return new Plan(Act.FETCH, why, null);
  }

  /** Whether the copy may stand in for an error of the backend. */
  public static boolean onError(Reads reads, StoredCopy copy, Instant now) {
    return left(reads, copy, now) >= 0;
  }

  /** For how many seconds more it may; negative where it may not any more. */
  static long left(Reads reads, StoredCopy copy, Instant now) {
    Terms terms = copy.terms();
    if (terms.unsettled()) {
      return -1;
    }
    long ttl = copy.ttlSeconds(now);
    if (terms.strict()) {
      return ttl > 0 ? ttl : -1;
    }
    long most = reads.maxStale().toSeconds();
    return ttl + (terms.ifError() < 0 ? most : Math.min(most, terms.ifError()));
  }
}
