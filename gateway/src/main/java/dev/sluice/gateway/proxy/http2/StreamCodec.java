package dev.sluice.gateway.proxy.http2;

import dev.sluice.gateway.proxy.http1.Malformed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its frames to messages and messages to its frames. A head that is not followed at
 * once by its body leaves with the next flush; a message without a body is one frame. After one
 * {@link Malformed} everything else is dropped.
 */
abstract class StreamCodec extends ChannelDuplexHandler {
  final FrameWriter frames = new FrameWriter();
  private boolean dropping;
  private @Nullable Http2Headers head;

  /** The first field block, or one after it. */
  abstract void head(ChannelHandlerContext ctx, Http2HeadersFrame frame) throws Malformed;

  @Override
  public final void channelRead(ChannelHandlerContext ctx, Object message) {
    if (dropping) {
      ReferenceCountUtil.release(message);
      return;
    }
    try {
      if (message instanceof Http2HeadersFrame frame) {
        head(ctx, frame);
      } else if (message instanceof Http2DataFrame frame) {
        data(ctx, frame);
      } else {
        ReferenceCountUtil.release(message);
      }
    } catch (Malformed malformed) {
      dropping = true;
      ctx.fireChannelRead(malformed);
    }
  }

  /** The frame's bytes are handed on with their one reference. */
  private static void data(ChannelHandlerContext ctx, Http2DataFrame frame) {
    ByteBuf content = frame.content();
    if (frame.isEndStream()) {
      ctx.fireChannelRead(new DefaultLastHttpContent(content));
    } else if (content.isReadable()) {
      ctx.fireChannelRead(new DefaultHttpContent(content));
    } else {
      content.release();
    }
  }

  static void trailers(ChannelHandlerContext ctx, Http2HeadersFrame frame) throws Malformed {
    if (!frame.isEndStream()) {
      throw Malformed.bad("trailers do not end their stream");
    }
    HttpHeaders fields = FieldRules.trailers(frame.headers());
    ctx.fireChannelRead(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, fields));
  }

  /** The other end broke the protocol on this stream, or its connection is going. */
  @Override
  public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http2Exception) {
      ctx.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  /** A head that leaves with what follows it. */
  final void begin(Http2Headers fields) {
    head = fields;
  }

  /**
   * A piece of a body, which is taken over.
   *
   * @param bodiless its bytes are not sent
   */
  final void content(ChannelHandlerContext ctx, HttpContent content, boolean bodiless) {
    boolean last = content instanceof LastHttpContent;
    HttpHeaders trailers =
        last ? ((LastHttpContent) content).trailingHeaders() : EmptyHttpHeaders.INSTANCE;
    boolean data = content.content().isReadable() && !bodiless;
    boolean ends = last && trailers.isEmpty();
    boolean headEnds = sendHead(ctx, ends && !data);
    if (data) {
      frames.data(ctx, content.content(), ends);
    } else {
      content.release();
      if (ends && !headEnds) {
        frames.data(ctx, Unpooled.EMPTY_BUFFER, true);
      }
    }
    if (last && !trailers.isEmpty()) {
      frames.head(ctx, FieldRules.trailers(trailers), true);
    }
  }

  /** Sends the head that waits; whether it ended the stream. */
  private boolean sendHead(ChannelHandlerContext ctx, boolean ends) {
    Http2Headers waiting = head;
    head = null;
    if (waiting == null) {
      return false;
    }
    frames.head(ctx, waiting, ends);
    return ends;
  }

  @Override
  public final void flush(ChannelHandlerContext ctx) {
    sendHead(ctx, false);
    ctx.flush();
  }
}
