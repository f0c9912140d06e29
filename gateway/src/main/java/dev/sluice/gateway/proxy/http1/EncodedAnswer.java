package dev.sluice.gateway.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * A complete answer whose field lines are encoded already, and a few more. Its arrays are not
 * copied and not changed; only what is small is copied when it is written.
 */
public final class EncodedAnswer {
  private static final int FEW = 12;

  private final HttpResponseStatus status;
  private final byte[] lines;
  private final byte[] body;
  private final int from;
  private final int length;
  private CharSequence[] more = new CharSequence[FEW];
  private int added;

  /**
   * @param lines field lines, each with its end
   * @param body of which {@code length} bytes are sent from {@code from} on
   */
  public EncodedAnswer(int status, byte[] lines, byte[] body, int from, int length) {
    this.status = HttpResponseStatus.valueOf(status);
    this.lines = lines;
    this.body = body;
    this.from = from;
    this.length = length;
  }

  /** One more field. */
  public EncodedAnswer add(AsciiString name, CharSequence value) {
    if (added == more.length) {
      more = Arrays.copyOf(more, 2 * added);
    }
    more[added++] = name;
    more[added++] = value;
    return this;
  }

  public int status() {
    return status.code();
  }

  /** Tells every field of the head: for who encodes it in another way. */
  public void fields(BiConsumer<CharSequence, CharSequence> to) {
    int at = 0;
    while (at < lines.length) {
      int colon = next(at, ':');
      int end = next(colon, '\r');
      to.accept(text(at, colon), text(colon + 2, end));
      at = end + 2;
    }
    for (int i = 0; i < added; i += 2) {
      to.accept(more[i], more[i + 1]);
    }
  }

  private int next(int from, char sought) {
    int at = from;
    while (lines[at] != sought) {
      at++;
    }
    return at;
  }

  private AsciiString text(int begin, int end) {
    return new AsciiString(lines, begin, end - begin, false);
  }

  /** The bytes of the body that are sent, a view of them. */
  public ByteBuf content() {
    return length == 0 ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body, from, length);
  }

  /** The whole head, the empty line included. */
  HeadBytes head() {
    HeadBytes head = HeadBytes.empty().status(status).raw(lines);
    for (int i = 0; i < added; i += 2) {
      head.field(more[i], more[i + 1]);
    }
    return head.end();
  }

  byte[] body() {
    return body;
  }

  int from() {
    return from;
  }

  /** Bytes of the body that are sent. */
  public int length() {
    return length;
  }
}
