package dev.sluice.fallback.cache;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The header fields of one message, as a cache reads them. Names have any case. */
public interface HeaderFields {
  /** The first line of this name; null where there is none. */
  @Nullable String get(String name);

  /** All lines of this name, in their order. */
  List<String> all(String name);

  default boolean has(String name) {
    return get(name) != null;
  }

  /** Its lines joined by commas (RFC 9110, section 5.3); null where there is none. */
  default @Nullable String joined(String name) {
    List<String> lines = all(name);
    return lines.isEmpty() ? null : lines.size() == 1 ? lines.get(0) : String.join(", ", lines);
  }

  /** Of a list of lines. */
  static HeaderFields of(List<Map.Entry<String, String>> lines) {
    return new HeaderFields() {
      @Override
      public @Nullable String get(String name) {
        return HeaderLines.first(lines, name);
      }

      @Override
      public List<String> all(String name) {
        return HeaderLines.all(lines, name);
      }
    };
  }
}
