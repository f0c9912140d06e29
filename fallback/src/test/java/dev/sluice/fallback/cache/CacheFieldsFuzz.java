package dev.sluice.fallback.cache;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Field lines that say how an answer may be stored, in whatever words: never an exception. */
public final class CacheFieldsFuzz {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final int SIZE = 1000;

  private CacheFieldsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    List<Map.Entry<String, String>> lines = lines(input);
    HeaderFields fields = HeaderFields.of(lines);
    for (int status : new int[] {200, 404, 500}) {
      Terms.of(status, fields, NOW, true);
    }
    CacheControl.asked(fields);
    long age = Age.initial(fields, NOW, java.time.Duration.ZERO);
    if (age < 0) {
      throw new AssertionError("an age of " + age);
    }
    for (Map.Entry<String, String> line : lines) {
      HttpDate.parse(line.getValue(), NOW);
      StructuredDictionary.parse(line.getValue());
      EntityTags.match(List.of(line.getValue()), "\"1\"");
      range(ByteRange.parse(line.getValue(), SIZE));
    }
  }

  private static void range(ByteRange range) {
    if (range != null && (range.from() < 0 || range.length() < 0 || range.length() > SIZE)) {
      throw new AssertionError("a range of " + range);
    }
  }

  private static List<Map.Entry<String, String>> lines(byte[] input) {
    List<Map.Entry<String, String>> lines = new ArrayList<>();
    for (String line : new String(input, StandardCharsets.ISO_8859_1).split("\n", 40)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        lines.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
    }
    return lines;
  }
}
