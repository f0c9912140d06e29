package dev.sluice.fallback.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A complete answer as it is kept. Headers of the connection, Set-Cookie, Content-Length and Age
 * are never part of it, whoever makes it.
 *
 * @param body not copied: neither side changes it afterwards
 * @param initialAgeSeconds how old the answer was when it arrived; clamped to 0 .. 2^31 - 1
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredCopy(
    int status,
    List<Map.Entry<String, String>> headers,
    byte[] body,
    Instant storedAt,
    long initialAgeSeconds) {
  private static final int OVERHEAD = 160;
  private static final int PER_HEADER = 48;

  public StoredCopy {
    headers = HopByHop.without(headers);
    initialAgeSeconds = Age.clamp(initialAgeSeconds);
  }

  /** Of an answer as it came from the backend, whose Age and Date say how old it was. */
  public static StoredCopy answered(
      int status, List<Map.Entry<String, String>> headers, byte[] body, Instant now) {
    return new StoredCopy(status, headers, body, now, Age.initial(headers, now));
  }

  /** Age at {@code now}, time spent here included; 0 .. 2^31 - 1 whatever the clock does. */
  public long ageSeconds(Instant now) {
    return Age.clamp(age(now).toSeconds());
  }

  Duration age(Instant now) {
    Duration resident = Duration.between(storedAt, now);
    Duration initial = Duration.ofSeconds(initialAgeSeconds);
    return resident.isNegative() ? initial : initial.plus(resident);
  }

  /** Bytes that this copy takes, headers and bookkeeping counted. */
  long weight() {
    long bytes = OVERHEAD + (long) body.length;
    for (Map.Entry<String, String> line : headers) {
      bytes += PER_HEADER + line.getKey().length() + line.getValue().length();
    }
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredCopy that
        && status == that.status
        && initialAgeSeconds == that.initialAgeSeconds
        && storedAt.equals(that.storedAt)
        && headers.equals(that.headers)
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * status + headers.hashCode()) + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return "StoredCopy[" + status + ", " + body.length + " bytes, " + storedAt + "]";
  }
}
