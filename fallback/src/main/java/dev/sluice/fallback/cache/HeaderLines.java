package dev.sluice.fallback.cache;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads header lines, whose names have any case and may occur several times. */
final class HeaderLines {
  private HeaderLines() {}

  static List<String> all(List<Map.Entry<String, String>> headers, String name) {
    return headers.stream()
        .filter(line -> line.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .toList();
  }

  static boolean has(List<Map.Entry<String, String>> headers, String name) {
    return headers.stream().anyMatch(line -> line.getKey().equalsIgnoreCase(name));
  }

  static @Nullable String first(List<Map.Entry<String, String>> headers, String name) {
    List<String> values = all(headers, name);
    return values.isEmpty() ? null : values.get(0);
  }

  /** The members of a comma-separated list of tokens over all lines, any case equal, sorted. */
  static Set<String> tokens(List<Map.Entry<String, String>> headers, String name) {
    Set<String> tokens = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String value : all(headers, name)) {
      for (String token : value.split(",", -1)) {
        if (!token.isBlank()) {
          tokens.add(token.strip());
        }
      }
    }
    return tokens;
  }
}
