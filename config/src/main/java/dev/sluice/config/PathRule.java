package dev.sluice.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says why a path has no {@link PathForm}: what the path of a request must fulfil before it is
 * routed, and so what the path of a route must fulfil to be of use.
 */
public final class PathRule {
  private PathRule() {}

  /** What is wrong with a path without its query, such as {@code an empty segment}; or null. */
  public static @Nullable String fault(String path) {
    if (PathForm.of(path) != null) {
      return null;
    }
    String named = named(path);
    return named == null ? "a character that must be encoded, or is encoded in two ways" : named;
  }

  private static @Nullable String named(String path) {
    if (path.contains("//")) {
      return "an empty segment";
    }
    if (path.indexOf('\\') >= 0) {
      return "a backslash";
    }
    if (path.indexOf('%') < 0) {
      return dots(path);
    }
    String lower = path.toLowerCase(Locale.ROOT);
    if (!wellEncoded(lower)) {
      return "a % that begins no escape, or an encoded control byte";
    }
    if (lower.contains("%2f") || lower.contains("%5c")) {
      return "an encoded slash or backslash";
    }
    return dots(lower.replace("%2e", "."));
  }

  /** Every percent sign begins two hex digits that stand for no control byte. */
  private static boolean wellEncoded(String path) {
    for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
      if (at + 2 >= path.length()) {
        return false;
      }
      int high = Character.digit(path.charAt(at + 1), 16);
      int low = Character.digit(path.charAt(at + 2), 16);
      if (high < 0 || low < 0 || high * 16 + low < 0x20 || high * 16 + low == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String dots(String path) {
    boolean dots =
        path.contains("/./")
            || path.contains("/../")
            || path.endsWith("/.")
            || path.endsWith("/..")
            || path.contains("/.;")
            || path.contains("/..;");
    return dots ? "a . or .. segment" : null;
  }
}
