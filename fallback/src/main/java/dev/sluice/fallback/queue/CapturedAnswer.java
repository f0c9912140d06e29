package dev.sluice.fallback.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the backend answered to a replayed write.
 *
 * @param body not copied: neither side changes it afterwards
 * @param whole false where the body, or headers too, were cut for want of room
 */
@SuppressWarnings("ArrayRecordComponent")
public record CapturedAnswer(
    int status, List<Map.Entry<String, String>> headers, byte[] body, boolean whole) {
  private static final int SHORT_HEADERS = 2048;
  private static final Set<String> TELLING =
      Set.of("location", "content-location", "etag", "retry-after");

  public CapturedAnswer {
    headers = List.copyOf(headers);
  }

  /** A whole one. */
  public CapturedAnswer(int status, List<Map.Entry<String, String>> headers, byte[] body) {
    this(status, headers, body, true);
  }

  /** About as many bytes as it takes to keep. */
  public long bytes() {
    long bytes = body.length;
    for (Map.Entry<String, String> header : headers) {
      bytes += 8L + header.getKey().length() + header.getValue().length();
    }
    return bytes;
  }

  /** The status and the headers that say what became of the resource, in two KiB at most. */
  public CapturedAnswer shortened() {
    List<Map.Entry<String, String>> kept = new ArrayList<>();
    int room = SHORT_HEADERS;
    for (Map.Entry<String, String> header : headers) {
      int length = header.getKey().length() + header.getValue().length();
      if (TELLING.contains(header.getKey().toLowerCase(Locale.ROOT)) && length <= room) {
        kept.add(header);
        room -= length;
      }
    }
    return new CapturedAnswer(status, kept, new byte[0], false);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CapturedAnswer that
        && status == that.status
        && whole == that.whole
        && headers.equals(that.headers)
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * status + headers.hashCode()) + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return "CapturedAnswer[" + status + ", " + body.length + (whole ? " bytes]" : " bytes, cut]");
  }
}
