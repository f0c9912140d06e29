package dev.sluice.gateway.proxy.http1;

import java.nio.charset.StandardCharsets;

/** Host and optional port, without user information (RFC 9110, section 4.2; RFC 3986, 3.2). */
public final class Authority {
  private static final int MAX = 255 + 6;

  private Authority() {}

  /** Whether the text is a name or an address, with or without a port. */
  public static boolean valid(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return valid(bytes, 0, bytes.length);
  }

  static boolean valid(byte[] bytes, int from, int to) {
    if (from == to || to - from > MAX) {
      return false;
    }
    int host = bytes[from] == '[' ? bracketed(bytes, from, to) : name(bytes, from, to);
    return host > from && port(bytes, host, to);
  }

  /** The end of an address in brackets, or -1. */
  private static int bracketed(byte[] bytes, int from, int to) {
    int at = from + 1;
    while (at < to && (Grammar.hex(bytes[at]) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
      at++;
    }
    return at > from + 1 && at < to && bytes[at] == ']' ? at + 1 : -1;
  }

  /** The end of a name, or -1 where one of its labels is empty; a dot may end it. */
  private static int name(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && named(bytes[at])) {
      if (bytes[at] == '.' && (at == from || bytes[at - 1] == '.')) {
        return -1;
      }
      at++;
    }
    return at;
  }

  private static boolean named(byte b) {
    int lower = b | 0x20;
    return (lower >= 'a' && lower <= 'z') || Grammar.digit(b) || b == '-' || b == '.' || b == '_';
  }

  private static boolean port(byte[] bytes, int from, int to) {
    if (from == to) {
      return true;
    }
    if (bytes[from] != ':' || to - from > 6) {
      return false;
    }
    int port = 0;
    for (int i = from + 1; i < to; i++) {
      if (!Grammar.digit(bytes[i])) {
        return false;
      }
      port = port * 10 + bytes[i] - '0';
    }
    return port <= 65_535;
  }
}
