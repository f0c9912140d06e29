package dev.sluice.fallback.cache;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The names of the directives of Cache-Control and CDN-Cache-Control, over all lines, in lower
 * case. A directive with an argument counts like one without, so {@code private="x"} is {@code
 * private}. Commas in quoted values separate nothing; a quote that is never closed quotes nothing.
 */
record CacheDirectives(Set<String> names) {
  CacheDirectives {
    names = Set.copyOf(names);
  }

  static CacheDirectives of(List<Map.Entry<String, String>> headers) {
    Set<String> names = new HashSet<>();
    HeaderLines.all(headers, "Cache-Control").forEach(line -> read(line, names));
    HeaderLines.all(headers, "CDN-Cache-Control").forEach(line -> read(line, names));
    return new CacheDirectives(names);
  }

  boolean has(String name) {
    return names.contains(name);
  }

  private static void read(String line, Set<String> names) {
    int from = 0;
    for (int at = 0; at <= line.length(); at++) {
      if (at == line.length() || line.charAt(at) == ',') {
        name(line.substring(from, at), names);
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

  private static void name(String directive, Set<String> names) {
    int end = directive.indexOf('=');
    String name = (end < 0 ? directive : directive.substring(0, end)).replace("\"", "").strip();
    if (!name.isEmpty()) {
      names.add(name.toLowerCase(Locale.ROOT));
    }
  }
}
