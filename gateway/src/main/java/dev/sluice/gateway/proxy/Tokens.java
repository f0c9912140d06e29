package dev.sluice.gateway.proxy;

/** Tokens (RFC 9110, section 5.6.2). Pure. */
final class Tokens {
  private static final String MARKS = "!#$%&'*+-.^_`|~";

  private Tokens() {}

  /** Whether a token may have this character. */
  static boolean has(char c) {
    int lower = c | 0x20;
    return c < 128
        && ((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || MARKS.indexOf(c) >= 0);
  }

  /** Whether the text is a token of at most so many characters. */
  static boolean is(CharSequence text, int most) {
    for (int i = 0; i < text.length(); i++) {
      if (i == most || !has(text.charAt(i))) {
        return false;
      }
    }
    return text.length() > 0;
  }
}
