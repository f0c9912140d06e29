package dev.sluice.fallback.cache;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Stored headers with those of a 304 in their place (RFC 9111, section 3.2). Pure. */
final class Merge {
  /** What describes the body that is kept, not the 304. */
  private static final Set<String> OF_THE_BODY =
      Set.of("content-encoding", "content-type", "content-range", "content-length");

  private Merge() {}

  static List<Map.Entry<String, String>> of(
      List<Map.Entry<String, String>> stored, List<Map.Entry<String, String>> fresh) {
    List<Map.Entry<String, String>> taken =
        fresh.stream().filter(line -> !OF_THE_BODY.contains(name(line))).toList();
    Set<String> replaced = new HashSet<>();
    taken.forEach(line -> replaced.add(name(line)));
    List<Map.Entry<String, String>> merged = new ArrayList<>();
    stored.stream().filter(line -> !replaced.contains(name(line))).forEach(merged::add);
    merged.addAll(taken);
    return merged;
  }

  private static String name(Map.Entry<String, String> line) {
    return line.getKey().toLowerCase(Locale.ROOT);
  }
}
