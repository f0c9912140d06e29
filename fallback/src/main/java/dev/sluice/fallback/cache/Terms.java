package dev.sluice.fallback.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * On what terms an answer may be used again (RFC 9111, section 4.2; RFC 5861).
 *
 * @param lifetime seconds from its origin for which it is fresh
 * @param explicit the answer says so; else the lifetime is a guess, or there is none
 * @param whileRevalidate seconds past that for which it may be served while it is asked for anew
 * @param ifError seconds past that for which it may stand in for an error; -1 where it does not say
 * @param strict it is never served stale
 * @param unsettled it is never served without asking
 * @param shares it may be served to requests with Authorization (RFC 9111, section 3.5)
 */
record Terms(
    long lifetime,
    boolean explicit,
    long whileRevalidate,
    long ifError,
    boolean strict,
    boolean unsettled,
    boolean shares) {
  static final Set<Integer> GUESSABLE = Set.of(200, 203, 204, 300, 301, 308, 404, 410, 414);

  private static final long MOST_GUESSED = Duration.ofHours(24).toSeconds();
  private static final int GUESS = 10;

  /**
   * Of an answer that arrived at {@code now}.
   *
   * @param guesses whether a lifetime may be guessed from Last-Modified
   */
  static Terms of(int status, HeaderFields answer, Instant now, boolean guesses) {
    CacheControl said = CacheControl.answered(answer);
    long told = told(said, answer, now);
    long guessed = told < 0 && guesses ? guessed(status, said, answer, now) : 0;
    return new Terms(
        Math.max(0, Math.max(told, guessed)),
        told >= 0,
        Math.max(0, said.seconds("stale-while-revalidate")),
        said.seconds("stale-if-error"),
        said.has("must-revalidate") || said.has("proxy-revalidate") || said.has("s-maxage"),
        said.has("no-cache"),
        said.has("public") || said.has("must-revalidate") || said.has("s-maxage"));
  }

  /** -1 where the answer says nothing of it. */
  private static long told(CacheControl said, HeaderFields answer, Instant now) {
    long shared = said.seconds("s-maxage");
    if (shared >= 0) {
      return shared;
    }
    long any = said.seconds("max-age");
    return any >= 0 || said.targeted() ? any : expires(answer, now);
  }

  private static long expires(HeaderFields answer, Instant now) {
    List<String> lines = answer.all("Expires");
    if (lines.isEmpty()) {
      return -1;
    }
    Instant end = lines.size() == 1 ? HttpDate.parse(lines.get(0), now) : null;
    return end == null ? 0 : seconds(date(answer, now), end);
  }

  private static long guessed(int status, CacheControl said, HeaderFields answer, Instant now) {
    Instant modified = HttpDate.parse(answer.get("Last-Modified"), now);
    boolean may = GUESSABLE.contains(status) || said.has("public");
    return modified == null || !may
        ? 0
        : Math.min(MOST_GUESSED, seconds(modified, date(answer, now)) / GUESS);
  }

  private static Instant date(HeaderFields answer, Instant now) {
    @Nullable Instant date = HttpDate.parse(answer.get("Date"), now);
    return date == null ? now : date;
  }

  private static long seconds(Instant from, Instant to) {
    return Age.clamp(Duration.between(from, to).toSeconds());
  }
}
