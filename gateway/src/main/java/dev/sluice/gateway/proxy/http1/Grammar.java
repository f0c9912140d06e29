package dev.sluice.gateway.proxy.http1;

/** Classes of bytes (RFC 9110, section 5; RFC 3986, section 2). */
final class Grammar {
  static final byte CR = '\r';
  static final byte LF = '\n';

  private static final byte TOKEN = 1;
  private static final byte VALUE = 2;
  private static final byte TARGET = 4;
  private static final byte[] CLASSES = new byte[256];

  static {
    for (int c = 0x21; c <= 0x7e; c++) {
      CLASSES[c] = VALUE | TARGET;
    }
    for (int c = 0x80; c <= 0xff; c++) {
      CLASSES[c] = VALUE;
    }
    CLASSES[' '] = VALUE;
    CLASSES['\t'] = VALUE;
    for (char c : "!#$%&'*+-.^_`|~0123456789".toCharArray()) {
      CLASSES[c] |= TOKEN;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      CLASSES[c] |= TOKEN;
      CLASSES[c - 'a' + 'A'] |= TOKEN;
    }
  }

  private Grammar() {}

  /** A byte of a method or a field name. */
  static boolean token(byte b) {
    return (CLASSES[b & 0xff] & TOKEN) != 0;
  }

  /** A byte of a field value: visible, space, tab or above ASCII. */
  static boolean value(byte b) {
    return (CLASSES[b & 0xff] & VALUE) != 0;
  }

  /** A byte of a request target: visible ASCII. */
  static boolean target(byte b) {
    return (CLASSES[b & 0xff] & TARGET) != 0;
  }

  static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }

  static boolean digit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** The digit's value, or -1. */
  static int hex(byte b) {
    if (digit(b)) {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** Whether the bytes spell the lower-case word in any case. */
  static boolean same(byte[] bytes, int from, int to, String word) {
    if (to - from != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      byte b = bytes[from + i];
      int lower = b >= 'A' && b <= 'Z' ? b + 32 : b;
      if (lower != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
