package dev.sluice.gateway.proxy.http1;

import io.netty.handler.codec.http.HttpVersion;

/** The protocol's name and version in a start line (RFC 9112, section 2.3). */
final class Versions {
  static final int LENGTH = "HTTP/1.1".length();

  private static final String NAME = "HTTP/";

  private Versions() {}

  /** HTTP/1.0 as it is; every later 1.x as 1.1. */
  static HttpVersion at(byte[] line, int from) throws Malformed {
    if (from + LENGTH > line.length || !named(line, from)) {
      throw Malformed.bad("the protocol is not HTTP");
    }
    byte major = line[from + 5];
    byte minor = line[from + 7];
    if (!Grammar.digit(major) || line[from + 6] != '.' || !Grammar.digit(minor)) {
      throw Malformed.bad("the protocol's version is no version");
    }
    if (major != '1') {
      throw new Malformed(505, "HTTP/1.1 is spoken here");
    }
    return minor == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
  }

  private static boolean named(byte[] line, int from) {
    for (int i = 0; i < NAME.length(); i++) {
      if (line[from + i] != NAME.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Where the fields begin, if the first line ends at this place. */
  static int afterLine(byte[] head, int end) throws Malformed {
    if (end + 2 > head.length || head[end] != Grammar.CR || head[end + 1] != Grammar.LF) {
      throw Malformed.bad("the first line goes on where it should end");
    }
    return end + 2;
  }
}
