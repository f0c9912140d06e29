package dev.sluice.fallback.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists of entity tags, compared weakly: the mark of weakness does not count. */
final class EntityTags {
  private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");

  private EntityTags() {}

  /** Whether one of the lines is a star or lists {@code tag}, whose commas are its own. */
  static boolean match(List<String> lines, String tag) {
    List<String> own = opaque(tag);
    for (String line : lines) {
      if (line.strip().equals("*") || (own.size() == 1 && opaque(line).contains(own.get(0)))) {
        return true;
      }
    }
    return false;
  }

  private static List<String> opaque(String list) {
    List<String> tags = new ArrayList<>();
    Matcher matcher = TAG.matcher(list);
    while (matcher.find()) {
      tags.add(matcher.group(1));
    }
    return tags;
  }
}
