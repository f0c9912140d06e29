package dev.sluice.config;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  /** Whether any part of the text is the environment's, rather than a default of the file. */
  boolean fromEnvironment(String raw) {
    return REFERENCE
        .matcher(raw.replace("$$", ""))
        .results()
        .anyMatch(reference -> environment.apply(reference.group(1)) != null);
  }

  /** The name in a text that is one whole reference. */
  static String name(String whole) {
    return REFERENCE.matcher(whole).replaceFirst("$1");
  }

  /** The text with every reference replaced; null after a problem. */
  @Nullable String replaced(String raw, Place place) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < raw.length()) {
      if (raw.startsWith("$$", at)) {
        text.append('$');
        at += 2;
      } else if (raw.startsWith("${", at)) {
        Matcher reference = REFERENCE.matcher(raw).region(at, raw.length());
        String value = value(reference, place);
        if (value == null) {
          return null;
        }
        text.append(value);
        at = reference.end();
      } else {
        text.append(raw.charAt(at));
        at++;
      }
    }
    return text.toString();
  }

  private @Nullable String value(Matcher reference, Place place) {
    if (!reference.lookingAt()) {
      problems.error(
          place,
          "'${' begins no variable",
          "write ${NAME} or ${NAME:default}, and $$ for a dollar");
      return null;
    }
    String name = reference.group(1);
    String value = environment.apply(name);
    if (value == null) {
      value = reference.group(2);
    }
    if (value == null) {
      problems.error(
          place,
          "the environment has no " + name,
          "set it, or give a default: ${" + name + ":default}");
    }
    return value;
  }
}
