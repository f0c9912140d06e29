package dev.sluice.gateway.proxy.http1;

import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * Field lines to headers (RFC 9112, section 5). Names and values are views of the bytes that they
 * came in, so these must not change afterwards.
 */
final class FieldLines {
  private final byte[] bytes;
  private final HttpHeaders headers;
  private final Framing framing;
  private int at;

  FieldLines(byte[] bytes, int from, HttpHeaders headers, Framing framing) {
    this.bytes = bytes;
    this.at = from;
    this.headers = headers;
    this.framing = framing;
  }

  /** Reads up to the empty line that the bytes end with. */
  void read() throws Malformed {
    while (bytes[at] != Grammar.CR) {
      line();
    }
    if (at != bytes.length - 2) {
      throw Malformed.bad("a carriage return stands alone");
    }
  }

  private void line() throws Malformed {
    int name = at;
    boolean underscore = false;
    while (Grammar.token(bytes[at])) {
      underscore |= bytes[at] == '_';
      at++;
    }
    int nameEnd = at;
    if (nameEnd == name || bytes[at] != ':') {
      throw Malformed.bad(wrongName(name));
    }
    if (underscore && Confusable.is(bytes, name, nameEnd)) {
      throw Malformed.bad("a field name has an underscore where it can be taken for another name");
    }
    at++;
    while (Grammar.blank(bytes[at])) {
      at++;
    }
    int value = at;
    int valueEnd = value();
    boolean coding = framing.field(bytes, name, nameEnd, value, valueEnd);
    headers.add(view(name, nameEnd), coding ? HttpHeaderValues.CHUNKED : view(value, valueEnd));
  }

  private String wrongName(int name) {
    if (Grammar.blank(bytes[at])) {
      return at == name ? "a field line is folded" : "a space stands before the colon of a field";
    }
    return "a field name has a character that none may have";
  }

  /** The end of the value that begins here, its trailing blanks left out; steps over the line. */
  private int value() throws Malformed {
    int end = at;
    while (Grammar.value(bytes[at])) {
      at++;
      if (!Grammar.blank(bytes[at - 1])) {
        end = at;
      }
    }
    if (bytes[at] != Grammar.CR || bytes[at + 1] != Grammar.LF) {
      throw Malformed.bad("a field value has a control character, or its line no CRLF");
    }
    at += 2;
    return end;
  }

  private AsciiString view(int from, int to) {
    return from == to ? AsciiString.EMPTY_STRING : new AsciiString(bytes, from, to - from, false);
  }
}
