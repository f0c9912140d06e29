package dev.sluice.fallback.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A complete answer as it is kept. Headers of the connection, Set-Cookie, Content-Length and Age
 * are never part of it, whoever makes it. Immutable but for the moment until which the backend is
 * not asked about it again; may be read by any thread.
 */
public final class StoredCopy {
  private static final int OVERHEAD = 160;
  private static final long MOST_SECONDS = 1L << 40;

  private final int status;
  private final EncodedLines head;
  private final byte[] body;
  private final long storedMillis;
  private final int initialAge;
  private final Terms terms;
  private final boolean guesses;
  private volatile long heldMillis;

  private StoredCopy(
      int status,
      EncodedLines head,
      byte[] body,
      long storedMillis,
      long initialAgeSeconds,
      Terms terms,
      boolean guesses) {
    this.guesses = guesses;
    this.status = status;
    this.head = head;
    this.body = body;
    this.storedMillis = storedMillis;
    this.initialAge = (int) Age.clamp(initialAgeSeconds);
    this.terms = terms;
  }

  /**
   * As it was kept earlier.
   *
   * @param body not copied: neither side changes it afterwards
   * @param initialAgeSeconds how old the answer was when it arrived; clamped to 0 .. 2^31 - 1
   * @param guesses whether a lifetime may be guessed from Last-Modified
   */
  public static StoredCopy of(
      int status,
      List<Map.Entry<String, String>> headers,
      byte[] body,
      Instant storedAt,
      long initialAgeSeconds,
      boolean guesses) {
    EncodedLines head = EncodedLines.of(HopByHop.without(headers));
    Terms terms = Terms.of(status, head, storedAt, guesses);
    return new StoredCopy(status, head, body, millis(storedAt), initialAgeSeconds, terms, guesses);
  }

  /** Of an answer that came at once and has no guessed lifetime. */
  public static StoredCopy answered(
      int status, List<Map.Entry<String, String>> headers, byte[] body, Instant now) {
    return answered(status, headers, body, now, Duration.ZERO, false);
  }

  /**
   * Of an answer as it came from the backend, whose Age and Date say how old it was.
   *
   * @param delay how long its request took
   */
  public static StoredCopy answered(
      int status,
      List<Map.Entry<String, String>> headers,
      byte[] body,
      Instant now,
      Duration delay,
      boolean guesses) {
    long age = Age.initial(HeaderFields.of(headers), now, delay);
    return of(status, headers, body, now, age, guesses);
  }

  /** This, after the backend has said with these headers of a 304 that it still holds. */
  public StoredCopy confirmed(
      List<Map.Entry<String, String>> headers, Instant now, Duration delay, boolean guesses) {
    List<Map.Entry<String, String>> merged = Merge.of(headers(), HopByHop.without(headers));
    long age = Age.initial(HeaderFields.of(headers), now, delay);
    return of(status, merged, body, now, age, guesses);
  }

  public int status() {
    return status;
  }

  /** Its header lines in their order. */
  public List<Map.Entry<String, String>> headers() {
    return head.lines();
  }

  /** The same, to look something up. */
  public HeaderFields fields() {
    return head;
  }

  /** The same as they go over the wire, each line with its end; not to be changed. */
  public byte[] encodedHeaders() {
    return head.bytes();
  }

  /** Not to be changed. */
  public byte[] body() {
    return body;
  }

  public Instant storedAt() {
    return Instant.ofEpochMilli(storedMillis);
  }

  public long initialAgeSeconds() {
    return initialAge;
  }

  /** Whether its lifetime may have been guessed. */
  public boolean guessed() {
    return guesses;
  }

  Terms terms() {
    return terms;
  }

  /** Age at {@code now}, time spent here included; 0 .. 2^31 - 1 whatever the clock does. */
  public long ageSeconds(Instant now) {
    long resident = Math.max(0, millis(now) - storedMillis);
    return Age.clamp(initialAge + resident / 1_000);
  }

  /** Seconds for which it is still fresh; negative once it is not. */
  public long ttlSeconds(Instant now) {
    return terms.lifetime() - ageSeconds(now);
  }

  Duration age(Instant now) {
    long resident = Math.max(0, millis(now) - storedMillis);
    return Duration.ofSeconds(initialAge).plusMillis(resident);
  }

  /** Some thousand years around now, whatever the clock says. */
  private static long millis(Instant instant) {
    long seconds = Math.max(-MOST_SECONDS, Math.min(MOST_SECONDS, instant.getEpochSecond()));
    return seconds * 1_000 + instant.getNano() / 1_000_000;
  }

  /** The backend is not asked about it until then. */
  public void hold(Instant until) {
    heldMillis = millis(until);
  }

  boolean held(Instant now) {
    return millis(now) < heldMillis;
  }

  /** Bytes that this copy takes, headers and bookkeeping counted. */
  long weight() {
    return OVERHEAD + (long) body.length + head.bytes().length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredCopy that
        && status == that.status
        && initialAge == that.initialAge
        && storedMillis == that.storedMillis
        && Arrays.equals(head.bytes(), that.head.bytes())
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * status + Arrays.hashCode(head.bytes())) + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return "StoredCopy[" + status + ", " + body.length + " bytes, " + storedAt() + "]";
  }
}
