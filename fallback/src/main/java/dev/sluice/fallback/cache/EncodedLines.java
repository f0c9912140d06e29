package dev.sluice.fallback.cache;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Header lines as they go over the wire, {@code name: value} with CR and LF each: one array instead
 * of dozens of objects, and nothing to be encoded when they are sent. Immutable by agreement.
 */
@SuppressWarnings("ArrayRecordComponent")
record EncodedLines(byte[] bytes) implements HeaderFields {
  static EncodedLines of(List<Map.Entry<String, String>> lines) {
    StringBuilder text = new StringBuilder(256);
    for (Map.Entry<String, String> line : lines) {
      text.append(line.getKey()).append(": ").append(line.getValue()).append("\r\n");
    }
    return new EncodedLines(text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  List<Map.Entry<String, String>> lines() {
    List<Map.Entry<String, String>> lines = new ArrayList<>();
    for (int from = 0; from < bytes.length; from = end(from) + 2) {
      int colon = colon(from);
      lines.add(Map.entry(text(from, colon), text(colon + 2, end(from))));
    }
    return lines;
  }

  @Override
  public @Nullable String get(String name) {
    int from = find(name, 0);
    return from < 0 ? null : text(from + name.length() + 2, end(from));
  }

  @Override
  public boolean has(String name) {
    return find(name, 0) >= 0;
  }

  @Override
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(1);
    for (int from = find(name, 0); from >= 0; from = find(name, end(from) + 2)) {
      values.add(text(from + name.length() + 2, end(from)));
    }
    return values;
  }

  /** Where the next line of this name begins, from the line at {@code start} on; -1 for none. */
  private int find(String name, int start) {
    for (int from = start; from < bytes.length; from = end(from) + 2) {
      if (named(from, name)) {
        return from;
      }
    }
    return -1;
  }

  private boolean named(int from, String name) {
    int length = name.length();
    if (from + length + 1 >= bytes.length || bytes[from + length] != ':') {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (lower(bytes[from + i]) != lower(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }

  private int colon(int from) {
    int at = from;
    while (bytes[at] != ':') {
      at++;
    }
    return at;
  }

  /** Where the line that begins here ends, before CR and LF. */
  private int end(int from) {
    int at = from;
    while (bytes[at] != '\r') {
      at++;
    }
    return at;
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
