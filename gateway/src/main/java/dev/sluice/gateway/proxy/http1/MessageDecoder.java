package dev.sluice.gateway.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Bytes to heads, pieces of bodies and a last piece for each message; after one {@link Malformed}
 * everything else is dropped.
 */
abstract class MessageDecoder extends ByteToMessageDecoder {
  private static final DefaultHttpHeadersFactory HEADERS =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private final HeadFinder finder;
  private final BodyReader body;
  private boolean broken;

  MessageDecoder(Limits limits) {
    finder = new HeadFinder(limits.startLine(), limits.fields());
    body = new BodyReader(limits);
  }

  /** Headers without a check of their own: what is added was checked while it was read. */
  static HttpHeaders noHeaders() {
    return HEADERS.newHeaders();
  }

  /** Reads the start line and the fields. */
  abstract HttpMessage message(byte[] head, Framing framing) throws Malformed;

  /** How long the body of the message that was read last is. */
  abstract long bodyLength(Framing framing) throws Malformed;

  /** Whether bytes of a message that is not complete wait for the rest. */
  public final boolean unfinished() {
    return body.inside() || (!broken && actualReadableBytes() > 0);
  }

  /** Whether the connection, which has ended, was ended by its other side on purpose. */
  boolean endedWell() {
    return true;
  }

  /** Steps over what may stand before a head. */
  boolean skipBefore(ByteBuf in) throws Malformed {
    return false;
  }

  @Override
  protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (broken) {
      in.skipBytes(in.readableBytes());
      return;
    }
    try {
      if (!body.inside()) {
        head(in, out);
      } else {
        HttpContent piece = body.read(in);
        if (piece != null) {
          out.add(piece);
        }
      }
    } catch (Malformed malformed) {
      broken = true;
      in.skipBytes(in.readableBytes());
      out.add(malformed);
    }
  }

  private void head(ByteBuf in, List<Object> out) throws Malformed {
    if (skipBefore(in)) {
      return;
    }
    byte[] head = finder.take(in);
    if (head == null) {
      return;
    }
    Framing framing = new Framing();
    HttpMessage message = message(head, framing);
    long length = bodyLength(framing);
    out.add(message);
    if (length == 0) {
      out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      body.begin(length);
    }
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    super.decodeLast(ctx, in, out);
    if (!broken && body.endsWithConnection() && endedWell()) {
      broken = true;
      out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    }
  }
}
