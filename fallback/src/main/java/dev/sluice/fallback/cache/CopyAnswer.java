package dev.sluice.fallback.cache;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer that is made of a stored copy for one request: the whole, a part of its body (RFC
 * 9110, section 14), or that the client has it already (section 13). Without Age, Cache-Status and
 * Content-Length, which whoever sends it adds. Pure.
 *
 * @param head lines as they go over the wire; not to be changed
 * @param body of which {@code length} bytes are sent from {@code from} on; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record CopyAnswer(int status, byte[] head, byte[] body, int from, int length) {
  /** The detail of a copy whose target has a write in the queue. */
  public static final String PENDING_WRITE = "pending-write";

  private static final List<String> OF_THE_BODY =
      List.of("Content-Type", "Content-Encoding", "Content-Language", "Content-Range");

  /** Whether it says how long its body is. */
  public boolean measured() {
    return status != 304 && status != 204;
  }

  /** {@link #head} line by line. */
  public List<Map.Entry<String, String>> lines() {
    return new EncodedLines(head).lines();
  }

  /** For a GET or HEAD with these fields. */
  public static CopyAnswer of(StoredCopy copy, HeaderFields request, Instant now) {
    boolean success = copy.status() == 200;
    if (success && notModified(copy, request, now)) {
      byte[] head = EncodedLines.of(notModifiedLines(copy)).bytes();
      return new CopyAnswer(304, head, copy.body(), 0, 0);
    }
    String range = success ? request.get("Range") : null;
    ByteRange part =
        range == null || !inRange(copy, request.get("If-Range"), now)
            ? null
            : ByteRange.parse(range, copy.body().length);
    return part == null
        ? new CopyAnswer(copy.status(), copy.encodedHeaders(), copy.body(), 0, copy.body().length)
        : part(copy, part);
  }

  private static CopyAnswer part(StoredCopy copy, ByteRange part) {
    byte[] head = copy.encodedHeaders();
    byte[] more =
        ("Content-Range: " + part.field(copy.body().length) + "\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(head, head.length + more.length);
    System.arraycopy(more, 0, all, head.length, more.length);
    return new CopyAnswer(
        part.satisfied() ? 206 : 416, all, copy.body(), part.from(), part.length());
  }

  private static List<Map.Entry<String, String>> notModifiedLines(StoredCopy copy) {
    return copy.headers().stream()
        .filter(line -> OF_THE_BODY.stream().noneMatch(line.getKey()::equalsIgnoreCase))
        .toList();
  }

  /**
   * Whether the client has this copy already: by If-None-Match, weakly compared, or, when that is
   * absent, by If-Modified-Since, against Date where the copy has no Last-Modified (RFC 9110,
   * section 13.1.3).
   */
  public static boolean notModified(StoredCopy copy, HeaderFields request, Instant now) {
    if (request.has("If-None-Match")) {
      String tag = copy.fields().get("ETag");
      return EntityTags.match(request.all("If-None-Match"), tag == null ? "" : tag);
    }
    String asked = request.get("If-Modified-Since");
    if (asked == null) {
      return false;
    }
    Instant since = HttpDate.parse(asked, now);
    Instant modified = modified(copy, now);
    return since != null && !modified.isAfter(since);
  }

  private static Instant modified(StoredCopy copy, Instant now) {
    Instant modified = HttpDate.parse(copy.fields().get("Last-Modified"), now);
    Instant date = modified == null ? HttpDate.parse(copy.fields().get("Date"), now) : modified;
    return date == null ? copy.storedAt() : date;
  }

  /** The part is of what the client has the rest of: the same strong tag, or the same date. */
  private static boolean inRange(StoredCopy copy, @Nullable String condition, Instant now) {
    if (condition == null) {
      return true;
    }
    String tag = copy.fields().get("ETag");
    if (condition.strip().startsWith("\"")) {
      return condition.strip().equals(tag);
    }
    Instant modified = HttpDate.parse(copy.fields().get("Last-Modified"), now);
    return modified != null && modified.equals(HttpDate.parse(condition, now));
  }
}
