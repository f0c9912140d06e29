package dev.sluice.gateway.proxy.http2;

import dev.sluice.gateway.proxy.http1.Malformed;
import io.netty.util.AsciiString;
import java.util.Arrays;

/** A head of HTTP/1.1 in the making. What would begin a line of its own is refused. */
final class HeadLines {
  private static final int USUAL = 512;
  private static final AsciiString SEPARATOR = AsciiString.cached(": ");
  private static final AsciiString END = AsciiString.cached("\r\n");

  private byte[] bytes = new byte[USUAL];
  private int length;

  HeadLines text(CharSequence text) throws Malformed {
    int size = text.length();
    room(size);
    for (int i = 0; i < size; i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c > 0xff) {
        throw Malformed.bad("a field holds a line break or what is no byte");
      }
      bytes[length + i] = (byte) c;
    }
    length += size;
    return this;
  }

  HeadLines end() {
    return own(END);
  }

  /** A field line; blanks around a value are refused (RFC 9113, section 8.2.1). */
  HeadLines field(CharSequence name, CharSequence value) throws Malformed {
    int size = value.length();
    if (size > 0 && (blank(value.charAt(0)) || blank(value.charAt(size - 1)))) {
      throw Malformed.bad("a field value begins or ends with a blank");
    }
    return text(name).own(SEPARATOR).text(value).end();
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }

  private HeadLines own(AsciiString text) {
    room(text.length());
    System.arraycopy(text.array(), text.arrayOffset(), bytes, length, text.length());
    length += text.length();
    return this;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  /** The whole head, its empty line included. */
  byte[] whole() {
    end();
    return Arrays.copyOf(bytes, length);
  }
}
