package dev.sluice.gateway.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
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
  private boolean ending;
  private boolean failed;
  private boolean stopped;

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

  /** Whether nothing further is to be read at the moment, whatever has arrived. */
  boolean full() {
    return false;
  }

  /** Whether it stopped because it was {@link #full}; {@link #more} goes on. */
  public final boolean stopped() {
    return stopped;
  }

  /** Reads what it stopped before; to be called on the event loop, not while it reads. */
  public final void more(ChannelHandlerContext ctx) throws Exception {
    if (stopped) {
      channelRead(ctx, Unpooled.EMPTY_BUFFER);
      channelReadComplete(ctx);
    }
  }

  /** What has arrived when the input ends is read whole: it would be lost otherwise. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    ending |= event instanceof ChannelInputShutdownEvent;
    super.userEventTriggered(ctx, event);
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
    stopped = !ending && full();
    if (stopped) {
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

  /** A connection that fails ends no body (RFC 9112, section 8). */
  @Override
  public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failed = true;
    ctx.fireExceptionCaught(cause);
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    super.decodeLast(ctx, in, out);
    if (!broken && !failed && body.endsWithConnection() && endedWell()) {
      broken = true;
      out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    }
  }
}
