package dev.sluice.fallback.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directives of one message (RFC 9111, section 5.2), over all lines and in any case. Commas in
 * quoted values separate nothing; a quote that is never closed quotes nothing. A directive with an
 * argument counts like one without, so {@code private="x"} is {@code private}.
 */
final class CacheControl {
  /** Stands for what is there and cannot be read: as good as zero. */
  private static final long UNREADABLE = 0;

  static final long ABSENT = -1;

  private static final CacheControl NONE = new CacheControl(Map.of(), false);
  private static final String FIELD = "Cache-Control";
  private static final String TARGETED = "CDN-Cache-Control";

  private final Map<String, String> directives;
  private final boolean targeted;

  private CacheControl(Map<String, String> directives, boolean targeted) {
    this.directives = directives;
    this.targeted = targeted;
  }

  /**
   * Of an answer: CDN-Cache-Control where it is there and well formed, and then nothing else (RFC
   * 9213, section 2.2).
   */
  static CacheControl answered(HeaderFields answer) {
    String cdn = answer.joined(TARGETED);
    Map<String, String> own = cdn == null ? null : targeted(cdn);
    return own != null ? new CacheControl(own, true) : read(answer.all(FIELD));
  }

  /** All that Cache-Control and CDN-Cache-Control say, well formed or not: for who is in doubt. */
  static CacheControl either(HeaderFields answer) {
    List<String> lines = new ArrayList<>(answer.all(FIELD));
    lines.addAll(answer.all(TARGETED));
    return read(lines);
  }

  /** Of a request. */
  static CacheControl asked(HeaderFields request) {
    return request.has(FIELD) ? read(request.all(FIELD)) : NONE;
  }

  /** True when the directives are the gateway's own, which Expires does not add to. */
  boolean targeted() {
    return targeted;
  }

  boolean has(String name) {
    return directives.containsKey(name);
  }

  boolean empty() {
    return directives.isEmpty();
  }

  /** Its argument; empty where it has none, null where it is absent. */
  @Nullable String argument(String name) {
    return directives.get(name);
  }

  /** Seconds, 2^31 - 1 at most; {@link #ABSENT} where it is absent, 0 where it is unreadable. */
  long seconds(String name) {
    String value = directives.get(name);
    return value == null ? ABSENT : seconds(value, UNREADABLE);
  }

  private static long seconds(String value, long otherwise) {
    if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return otherwise;
    }
    String digits = value.replaceFirst("^0+(?=.)", "");
    return digits.length() > 10 ? Age.MAX : Math.min(Age.MAX, Long.parseLong(digits));
  }

  private static @Nullable Map<String, String> targeted(String field) {
    Map<String, String> members = StructuredDictionary.parse(field);
    if (members == null || members.isEmpty()) {
      return null;
    }
    for (String name : List.of("max-age", "s-maxage")) {
      String value = members.get(name);
      if (value != null && !value.matches("-?[0-9]+")) {
        return null;
      }
    }
    return members;
  }

  private static CacheControl read(List<String> lines) {
    Map<String, String> directives = new HashMap<>();
    for (String line : lines) {
      read(line, directives);
    }
    return new CacheControl(directives, false);
  }

  private static void read(String line, Map<String, String> directives) {
    int from = 0;
    for (int at = 0; at <= line.length(); at++) {
      if (at == line.length() || line.charAt(at) == ',') {
        directive(line.substring(from, at), directives);
        from = at + 1;
      } else if (line.charAt(at) == '"' && at > from && line.charAt(at - 1) == '=') {
        at = closing(line, at);
      }
    }
  }

  /** The place of the quote that closes the one at {@code open}, else {@code open} itself. */
  private static int closing(String line, int open) {
    for (int at = open + 1; at < line.length(); at++) {
      if (line.charAt(at) == '\\') {
        at++;
      } else if (line.charAt(at) == '"') {
        return at;
      }
    }
    return open;
  }

  private static void directive(String text, Map<String, String> directives) {
    int end = text.indexOf('=');
    String name = (end < 0 ? text : text.substring(0, end)).replace("\"", "").strip();
    if (!name.isEmpty()) {
      String value = end < 0 ? "" : unquoted(text.substring(end + 1));
      directives.merge(name.toLowerCase(Locale.ROOT), value, CacheControl::stricter);
    }
  }

  private static String unquoted(String value) {
    String text = value.stripTrailing();
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /** Of two that contradict each other the one that lets less be reused. */
  private static String stricter(String one, String other) {
    return seconds(one, UNREADABLE) <= seconds(other, UNREADABLE) ? one : other;
  }
}
