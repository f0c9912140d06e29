package dev.sluice.fallback.cache;

import dev.sluice.config.Reads;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which answers a shared cache stores (RFC 9111, sections 3 and 3.5), and which it stores in spite
 * of that text never: those that set cookies, and those to requests that carry a body or ask the
 * backend for another path than their own. Pure. For routes whose cache is {@code standard}.
 */
final class SharedPolicy {
  /** Statuses whose meaning for a cache is known (RFC 9111, section 5.2.2.3). */
  private static final Set<Integer> UNDERSTOOD =
      Set.of(
          200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 414, 500, 501, 502,
          503, 504);

  private static final List<String> OVERRIDES =
      List.of(
          "X-HTTP-Method-Override",
          "X-HTTP-Method",
          "X-Method-Override",
          "X-Original-URL",
          "X-Rewrite-URL");

  private SharedPolicy() {}

  static Storable storable(
      Reads reads,
      int status,
      List<Map.Entry<String, String>> request,
      List<Map.Entry<String, String>> answer,
      Instant now) {
    HeaderFields asked = HeaderFields.of(request);
    HeaderFields answered = HeaderFields.of(answer);
    CacheControl said = CacheControl.answered(answered);
    if (OVERRIDES.stream().anyMatch(asked::has)) {
      return Storable.OVERRIDE;
    }
    if (status < 200 || status == 206 || status == 304) {
      return Storable.NOT_WHOLE;
    }
    Storable told = told(reads, status, said, CacheControl.asked(asked));
    if (told != Storable.STORE) {
      return told;
    }
    Terms terms = Terms.of(status, answered, now, guesses(reads, request));
    if (asked.has("Authorization") && !terms.shares() && !Reuse.keyed(reads)) {
      return Storable.CREDENTIALS;
    }
    if (!reads.stripSetCookie() && (answered.has("Set-Cookie") || answered.has("Set-Cookie2"))) {
      return Storable.SET_COOKIE;
    }
    if (HeaderLines.tokens(answer, "Vary").contains("*")) {
      return Storable.VARY_ANY;
    }
    return useful(status, answered, terms);
  }

  private static Storable told(Reads reads, int status, CacheControl said, CacheControl asked) {
    boolean understands = said.has("must-understand");
    if (understands && !UNDERSTOOD.contains(status)) {
      return Storable.NOT_UNDERSTOOD;
    }
    if (asked.has("no-store") || (said.has("no-store") && !understands)) {
      return Storable.NO_STORE;
    }
    return said.has("private") && !Reuse.keyed(reads) ? Storable.PRIVATE : Storable.STORE;
  }

  /** Whether what is stored now says that it must not be. */
  static boolean forbidden(Reads reads, StoredCopy copy) {
    CacheControl said = CacheControl.answered(copy.fields());
    return said.has("no-store") || (said.has("private") && !Reuse.keyed(reads));
  }

  /** What says nothing of its lifetime and cannot be validated is never used again. */
  private static Storable useful(int status, HeaderFields answered, Terms terms) {
    boolean validator = answered.has("ETag") || answered.has("Last-Modified");
    boolean guessable =
        Terms.GUESSABLE.contains(status) || CacheControl.answered(answered).has("public");
    boolean used = terms.explicit() ? terms.lifetime() > 0 || validator : validator && guessable;
    return used || terms.whileRevalidate() > 0 || terms.ifError() > 0
        ? Storable.STORE
        : Storable.USELESS;
  }

  /** No lifetime is guessed for what was sent to somebody in particular. */
  static boolean guesses(Reads reads, List<Map.Entry<String, String>> request) {
    return reads.heuristics() && !CopyPolicy.credentials(reads, request);
  }
}
