package dev.sluice.gateway.proxy.http1;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import java.util.Map;

/**
 * The bytes of one head after the other (RFC 9112, sections 3 to 5), gathered on the heap, where
 * that is cheap, and copied from there at once. One for each thread.
 */
final class HeadBytes {
  private static final int USUAL = 2048;

  /** One that was once larger than this is not kept. */
  private static final int MOST_KEPT = 64 * 1024;

  private static final AsciiString VERSION = AsciiString.cached("HTTP/1.1 ");
  private static final AsciiString VERSION_LINE = AsciiString.cached(" HTTP/1.1\r\n");

  private static final FastThreadLocal<HeadBytes> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected HeadBytes initialValue() {
          return new HeadBytes();
        }
      };

  private byte[] bytes = new byte[USUAL];
  private int length;

  /** The calling thread's, empty. */
  static HeadBytes empty() {
    HeadBytes own = OF_THREAD.get();
    own.length = 0;
    if (own.bytes.length > MOST_KEPT) {
      own.bytes = new byte[USUAL];
    }
    return own;
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** A whole head, the empty line included. */
  HeadBytes head(HttpMessage message) {
    if (message instanceof HttpRequest request) {
      text(request.method().asciiName());
      one((byte) ' ');
      text(request.uri());
      text(VERSION_LINE);
    } else {
      status(((HttpResponse) message).status());
    }
    return fields(message.headers());
  }

  /** The first line of an answer. */
  HeadBytes status(HttpResponseStatus status) {
    text(VERSION);
    text(status.codeAsText());
    one((byte) ' ');
    text(status.reasonPhrase());
    line();
    return this;
  }

  /** Lines that are encoded already. */
  HeadBytes raw(byte[] lines) {
    room(lines.length);
    System.arraycopy(lines, 0, bytes, length, lines.length);
    length += lines.length;
    return this;
  }

  /** The empty line. */
  HeadBytes end() {
    line();
    return this;
  }

  /** Field lines and the empty line after them. */
  HeadBytes fields(HttpHeaders headers) {
    for (var each = headers.iteratorCharSequence(); each.hasNext(); ) {
      Map.Entry<CharSequence, CharSequence> field = each.next();
      field(field.getKey(), field.getValue());
    }
    return end();
  }

  /** One field line. */
  void field(CharSequence name, CharSequence value) {
    text(name);
    one((byte) ':');
    one((byte) ' ');
    text(value);
    line();
  }

  private void line() {
    one(Grammar.CR);
    one(Grammar.LF);
  }

  private void one(byte single) {
    room(1);
    bytes[length++] = single;
  }

  /**
   * Text from the wire was checked as it was read; all other text is checked here once more, since
   * a line break in it would begin a field or a message of somebody else's.
   */
  private void text(CharSequence text) {
    int size = text.length();
    room(size);
    if (text instanceof AsciiString ascii) {
      System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, size);
      length += size;
      return;
    }
    for (int i = 0; i < size; i++) {
      char c = text.charAt(i);
      bytes[length++] = c <= 0xff && Grammar.value((byte) c) ? (byte) c : (byte) '?';
    }
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
