package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/**
 * The one form of a path that routes are found by: what may stand in a segment as it is gets
 * decoded, once, everything else is encoded in capitals, and parameters are cut. What a backend
 * could read as another path has none. Pure; called for every request and every pattern.
 */
public final class PathForm {
  private static final String HEX = "0123456789ABCDEF";

  /**
   * Characters that stand for themselves in a segment (RFC 3986, section 3.3), without {@code ;}
   * and without {@code *}, which stands for a whole segment in patterns.
   */
  private static final boolean[] PLAIN = new boolean[128];

  static {
    for (char c : "-._~!$&'()+,=:@0123456789".toCharArray()) {
      PLAIN[c] = true;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      PLAIN[c] = true;
      PLAIN[c - 'a' + 'A'] = true;
    }
  }

  private final String path;
  private final StringBuilder form;
  private int at;

  private PathForm(String path) {
    this.path = path;
    this.form = new StringBuilder(path.length() + 8);
  }

  /** The path's form, or null where it must be refused. */
  public static @Nullable String of(String path) {
    if (simple(path)) {
      return path;
    }
    PathForm reading = new PathForm(path);
    return reading.read() ? reading.form.toString() : null;
  }

  /** Whether nothing is to be done, as with almost every path. */
  private static boolean simple(String path) {
    for (int i = 1; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean begins = path.charAt(i - 1) == '/';
      if (c == '/' ? begins : c >= 0x80 || !PLAIN[c] || (begins && c == '.')) {
        return false;
      }
    }
    return path.startsWith("/");
  }

  private boolean read() {
    while (at < path.length()) {
      if (path.charAt(at++) != '/') {
        return false;
      }
      form.append('/');
      int from = form.length();
      if (!segment() || !allowed(form.substring(from), at == path.length())) {
        return false;
      }
    }
    return at > 0;
  }

  /** Reads up to the next slash or the end. */
  private boolean segment() {
    boolean parameters = false;
    for (; at < path.length() && path.charAt(at) != '/'; at++) {
      int value = path.charAt(at);
      boolean encoded = value == '%';
      if (encoded) {
        value = decoded();
        at += 2;
      }
      if (!harmless(value, encoded)) {
        return false;
      }
      parameters |= value == ';';
      if (!parameters) {
        append(value);
      }
    }
    return true;
  }

  /** The byte that the percent sign here begins, or -1. */
  private int decoded() {
    if (at + 2 >= path.length()) {
      return -1;
    }
    int high = hex(path.charAt(at + 1));
    int low = hex(path.charAt(at + 2));
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static boolean harmless(int value, boolean encoded) {
    if (value < ' ' || value == 0x7f || value == '/' || value == '\\') {
      return false;
    }
    return encoded ? value != ';' : value < 0x80;
  }

  private void append(int value) {
    if (value < 0x80 && PLAIN[value]) {
      form.append((char) value);
    } else {
      form.append('%').append(HEX.charAt(value >> 4)).append(HEX.charAt(value & 15));
    }
  }

  private static boolean allowed(String segment, boolean last) {
    if (segment.isEmpty()) {
      return last;
    }
    return !segment.equals(".") && !segment.equals("..") && !twoReadings(segment);
  }

  /** A byte encoded twice, or one that lenient decoders take for a shorter one. */
  private static boolean twoReadings(String segment) {
    for (int i = segment.indexOf('%'); i >= 0; i = segment.indexOf('%', i + 1)) {
      String code = segment.substring(i + 1, i + 3);
      char next = i + 4 < segment.length() ? segment.charAt(i + 4) : ' ';
      boolean overlong =
          code.equals("C0")
              || code.equals("C1")
              || (code.equals("E0") && (next == '8' || next == '9'))
              || (code.equals("F0") && next == '8')
              || code.compareTo("F5") >= 0;
      if (overlong || (code.equals("25") && hexPair(segment, i + 3))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hexPair(String text, int from) {
    return from + 1 < text.length()
        && hex(text.charAt(from)) >= 0
        && hex(text.charAt(from + 1)) >= 0;
  }

  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
