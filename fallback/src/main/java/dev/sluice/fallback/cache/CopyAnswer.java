package dev.sluice.fallback.cache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The answer that is made of a stored copy. Pure. */
public final class CopyAnswer {
  /** The detail of a copy served because the route is closed to its backend. */
  public static final String BREAKER_OPEN = "breaker-open";

  /** The detail of a copy whose target has a write in the queue. */
  public static final String PENDING_WRITE = "pending-write";

  private static final String STATUS = "Cache-Status";
  private static final Set<String> OF_THE_BODY =
      Set.of("content-length", "content-type", "content-encoding", "content-language");

  private CopyAnswer() {}

  /** Headers of the copy served whole, with the detail {@link #BREAKER_OPEN}. */
  public static List<Map.Entry<String, String>> headers(StoredCopy copy, Instant now) {
    return headers(copy, now, BREAKER_OPEN);
  }

  /**
   * Headers of the copy served whole: its own, then Age, Cache-Status, which keeps what caches
   * further back said, and Content-Length.
   *
   * @param detail a token for Cache-Status
   */
  public static List<Map.Entry<String, String>> headers(
      StoredCopy copy, Instant now, String detail) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (Map.Entry<String, String> line : copy.headers()) {
      if (!line.getKey().equalsIgnoreCase(STATUS)) {
        headers.add(line);
      }
    }
    headers.add(Map.entry("Age", Long.toString(copy.ageSeconds(now))));
    headers.add(Map.entry(STATUS, status(copy, detail)));
    headers.add(Map.entry("Content-Length", Integer.toString(copy.body().length)));
    return List.copyOf(headers);
  }

  /** Headers of the 304 for this copy: as for the whole, without those that describe a body. */
  public static List<Map.Entry<String, String>> notModifiedHeaders(
      StoredCopy copy, Instant now, String detail) {
    return headers(copy, now, detail).stream()
        .filter(line -> !OF_THE_BODY.contains(line.getKey().toLowerCase(Locale.ROOT)))
        .toList();
  }

  /**
   * Whether the client has this copy already: by If-None-Match, weakly compared, or, when that is
   * absent, by If-Modified-Since.
   */
  public static boolean notModified(
      StoredCopy copy, List<Map.Entry<String, String>> requestHeaders) {
    List<String> asked = HeaderLines.all(requestHeaders, "If-None-Match");
    if (!asked.isEmpty()) {
      String tag = HeaderLines.first(copy.headers(), "ETag");
      return EntityTags.match(asked, tag == null ? "" : tag);
    }
    Instant since = HttpDate.parse(HeaderLines.first(requestHeaders, "If-Modified-Since"));
    Instant modified = HttpDate.parse(HeaderLines.first(copy.headers(), "Last-Modified"));
    return since != null && modified != null && !modified.isAfter(since);
  }

  private static String status(StoredCopy copy, String detail) {
    List<String> members = new ArrayList<>(HeaderLines.all(copy.headers(), STATUS));
    members.removeIf(String::isBlank);
    members.add("sluice; hit; detail=" + detail);
    return String.join(", ", members);
  }
}
