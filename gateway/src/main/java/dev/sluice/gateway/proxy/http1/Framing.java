package dev.sluice.gateway.proxy.http1;

/**
 * How long a message's body is (RFC 9112, section 6). Fed with each field line while it is read, so
 * that no second reading of the fields can come to another end.
 */
final class Framing {
  static final long CHUNKED = -1;
  static final long UNKNOWN = -2;

  private static final int MAX_DIGITS = 18;

  private long length = UNKNOWN;
  private boolean chunked;
  private int hosts;
  private boolean hostValid = true;

  /**
   * A field line that may frame or route the message; others are passed over by their length.
   *
   * @return whether it names the coding, which can only be {@code chunked}
   */
  boolean field(byte[] bytes, int name, int nameEnd, int value, int valueEnd) throws Malformed {
    switch (nameEnd - name) {
      case 4 -> {
        if (Grammar.same(bytes, name, nameEnd, "host")) {
          host(bytes, value, valueEnd);
        }
      }
      case 14 -> {
        if (Grammar.same(bytes, name, nameEnd, "content-length")) {
          length(bytes, value, valueEnd);
        }
      }
      case 17 -> {
        if (Grammar.same(bytes, name, nameEnd, "transfer-encoding")) {
          coding(bytes, value, valueEnd);
          return true;
        }
      }
      default -> {}
    }
    return false;
  }

  private void host(byte[] bytes, int from, int to) {
    hosts++;
    hostValid &= Authority.valid(bytes, from, to);
  }

  private void length(byte[] bytes, int from, int to) throws Malformed {
    if (chunked || length != UNKNOWN) {
      throw Malformed.bad("the body's length is given more than once");
    }
    if (from == to || to - from > MAX_DIGITS) {
      throw Malformed.bad("Content-Length is not a number within reason");
    }
    if (bytes[from] == '0' && to - from > 1) {
      throw Malformed.bad("Content-Length begins with a zero, as octal numbers do");
    }
    length = 0;
    for (int i = from; i < to; i++) {
      if (!Grammar.digit(bytes[i])) {
        throw Malformed.bad("Content-Length is not a number");
      }
      length = length * 10 + bytes[i] - '0';
    }
  }

  private void coding(byte[] bytes, int from, int to) throws Malformed {
    if (chunked || length != UNKNOWN) {
      throw Malformed.bad("the body's length is given more than once");
    }
    if (from == to) {
      throw Malformed.bad("Transfer-Encoding names no coding");
    }
    if (!Grammar.same(bytes, from, to, "chunked")) {
      throw new Malformed(501, "chunked is the only transfer coding known");
    }
    chunked = true;
  }

  /** The declared length, {@link #CHUNKED}, or {@link #UNKNOWN} where nothing was said. */
  long length() {
    return chunked ? CHUNKED : length;
  }

  /** Exactly one Host (RFC 9112, section 3.2); HTTP/1.0 may do without. */
  void needHost(boolean old) throws Malformed {
    if (hosts > 1 || !hostValid || (hosts == 0 && !old)) {
      throw Malformed.bad("exactly one valid Host is needed");
    }
  }
}
