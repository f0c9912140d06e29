package dev.sluice.gateway.proxy.http2;

import dev.sluice.gateway.proxy.http1.Malformed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A stream to a backend: one request to frames, and its frames to the answer. */
public final class ClientStream extends ChannelDuplexHandler {
  private final FrameWriter frames = new FrameWriter();
  private final AsciiString scheme;
  private boolean answered;
  private boolean dropping;
  private @Nullable Http2Headers head;

  /**
   * @param secure the stream's connection has TLS
   */
  public ClientStream(boolean secure) {
    this.scheme = AsciiString.cached(secure ? "https" : "http");
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
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

  private void head(ChannelHandlerContext ctx, Http2HeadersFrame frame) throws Malformed {
    if (answered) {
      HttpHeaders trailers = FieldRules.trailers(frame.headers());
      ctx.fireChannelRead(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, trailers));
      return;
    }
    HttpResponse response = ResponseHeads.read(frame.headers(), frame.isEndStream());
    boolean interim = response.status().code() < 200;
    if (interim && frame.isEndStream()) {
      throw Malformed.bad("an interim answer ends its stream");
    }
    answered = !interim;
    ctx.fireChannelRead(response);
    if (interim || frame.isEndStream()) {
      ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
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

  /** The backend says that it has done nothing of it (RFC 9113, section 8.7). */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    boolean refused =
        event instanceof Http2GoAwayFrame
            || (event instanceof Http2ResetFrame reset
                && reset.errorCode() == Http2Error.REFUSED_STREAM.code());
    ReferenceCountUtil.release(event);
    if (refused) {
      ctx.fireExceptionCaught(new RefusedStream());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http2Exception) {
      ctx.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    boolean ours = message instanceof HttpRequest || message instanceof HttpContent;
    if (message instanceof HttpRequest request) {
      head = RequestHeads.write(request, scheme);
    }
    if (message instanceof HttpContent content) {
      content(ctx, content);
    } else if (!ours) {
      ReferenceCountUtil.release(message);
    }
    if (!promise.isVoid()) {
      promise.trySuccess();
    }
  }

  private void content(ChannelHandlerContext ctx, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    HttpHeaders trailers =
        last ? ((LastHttpContent) content).trailingHeaders() : EmptyHttpHeaders.INSTANCE;
    boolean data = content.content().isReadable();
    boolean ends = last && trailers.isEmpty();
    boolean headEnds = begin(ctx, ends && !data);
    if (data || (ends && !headEnds)) {
      frames.data(ctx, content.content(), ends);
    } else {
      content.release();
    }
    if (last && !trailers.isEmpty()) {
      frames.head(ctx, FieldRules.trailers(trailers), true);
    }
  }

  private boolean begin(ChannelHandlerContext ctx, boolean ends) {
    Http2Headers waiting = head;
    head = null;
    if (waiting == null) {
      return false;
    }
    frames.head(ctx, waiting, ends);
    return ends;
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    begin(ctx, false);
    ctx.flush();
  }
}
