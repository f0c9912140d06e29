package dev.sluice.demo.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** The counts of a run, one line a group. */
final class Summary {
  private Summary() {}

  static String of(Ledger ledger, long seed) {
    Map<String, StringBuilder> groups = new TreeMap<>();
    for (Map.Entry<String, LongAdder> count : ledger.counts().entrySet()) {
      String[] name = count.getKey().split(" ", 2);
      groups
          .computeIfAbsent(name[0], group -> new StringBuilder())
          .append(name.length > 1 ? " " + name[1] : "")
          .append(' ')
          .append(count.getValue().sum())
          .append(',');
    }
    StringBuilder text = new StringBuilder("soak with seed " + seed + ":");
    groups.forEach(
        (group, line) ->
            text.append("\n  %-10s".formatted(group)).append(line.substring(0, line.length() - 1)));
    return text.toString();
  }
}
