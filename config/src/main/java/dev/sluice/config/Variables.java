package dev.sluice.config;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces <code>${NAME}</code>, <code>${NAME:default}</code> and {@code $$} in one scalar. */
final class Variables {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?}");

  private final UnaryOperator<String> environment;
  private final Problems problems;

  Variables(UnaryOperator<String> environment, Problems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  static boolean isWhole(String raw) {
    return REFERENCE.matcher(raw).matches();
  }

  /** The text with every reference replaced; a reference without a value is a problem. */
  String replaced(String raw, Place place) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < raw.length()) {
      if (raw.startsWith("$$", at)) {
        text.append('$');
        at += 2;
      } else if (raw.startsWith("${", at)) {
        at = reference(raw, at, place, text);
      } else {
        text.append(raw.charAt(at));
        at++;
      }
    }
    return text.toString();
  }

  private int reference(String raw, int at, Place place, StringBuilder text) {
    Matcher matcher = REFERENCE.matcher(raw).region(at, raw.length());
    if (!matcher.lookingAt()) {
      problems.error(
          place,
          "'${' begins no variable",
          "write ${NAME} or ${NAME:default}, and $$ for a dollar");
      return raw.length();
    }
    text.append(value(matcher.group(1), matcher.group(2), place));
    return matcher.end();
  }

  private String value(
      String name, @org.jspecify.annotations.Nullable String fallback, Place place) {
    String value = environment.apply(name);
    if (value != null) {
      return value;
    }
    if (fallback == null) {
      problems.error(
          place,
          "the environment has no " + name,
          "set it, or give a default: ${" + name + ":default}");
      return "";
    }
    return fallback;
  }
}
