package dev.sluice.fallback.cache;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A dictionary of RFC 8941, section 3.2, whose members are single items; inner lists are no
 * business of a cache, and a field with one counts as malformed.
 */
final class StructuredDictionary {
  private static final String STRING = "\"(?:[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\])*\"";
  private static final String ITEM =
      "(?:"
          + STRING
          + "|-?[0-9]{1,15}(?:\\.[0-9]{1,3})?|\\?[01]|:[A-Za-z0-9+/=]*:"
          + "|[A-Za-z*][!#$%&'*+\\-.^_`|~0-9A-Za-z:/]*)";
  private static final String KEY = "[a-z*][a-z0-9_\\-.*]*";
  private static final String PARAMETERS = "(?: *; *" + KEY + "(?:=" + ITEM + ")?)*";
  private static final Pattern MEMBER =
      Pattern.compile("(" + KEY + ")(?:=(" + ITEM + "))?" + PARAMETERS);
  private static final Pattern COMMA = Pattern.compile("[ \\t]*,[ \\t]*");

  private StructuredDictionary() {}

  /** Members by key, the last of a key counting; a bare key is {@code ?1}. Null: malformed. */
  static @Nullable Map<String, String> parse(String text) {
    Map<String, String> members = new HashMap<>();
    String rest = text.strip();
    Matcher member = MEMBER.matcher(rest);
    Matcher comma = COMMA.matcher(rest);
    int at = 0;
    while (at < rest.length()) {
      if (!member.region(at, rest.length()).lookingAt()) {
        return null;
      }
      members.put(member.group(1), member.group(2) == null ? "?1" : member.group(2));
      at = member.end();
      if (at < rest.length()) {
        boolean more = comma.region(at, rest.length()).lookingAt() && comma.end() < rest.length();
        if (!more) {
          return null;
        }
        at = comma.end();
      }
    }
    return members;
  }
}
