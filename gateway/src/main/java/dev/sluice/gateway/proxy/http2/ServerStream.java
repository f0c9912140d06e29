package dev.sluice.gateway.proxy.http2;

import dev.sluice.gateway.proxy.http1.EncodedAnswer;
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
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * A client's stream: its frames to one request, and the answer to frames. A head that is not
 * followed at once by its body leaves with the next flush; an answer without a body is one frame.
 */
public final class ServerStream extends ChannelDuplexHandler {
  private final FrameWriter frames = new FrameWriter();
  private boolean begun;
  private boolean dropping;
  private boolean headAsked;
  private boolean interim;
  private boolean bodiless;
  private @Nullable Http2Headers head;

  /** What was written to the stream and has not left. */
  public Outflow outflow() {
    return frames;
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
    if (begun) {
      trailers(ctx, frame);
      return;
    }
    HttpRequest request = RequestHeads.read(frame.headers(), frame.isEndStream());
    begun = true;
    headAsked = HttpMethod.HEAD.equals(request.method());
    ctx.fireChannelRead(request);
    if (frame.isEndStream() || RequestHeads.webSocket(frame.headers())) {
      ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }
  }

  private static void trailers(ChannelHandlerContext ctx, Http2HeadersFrame frame)
      throws Malformed {
    if (!frame.isEndStream()) {
      throw Malformed.bad("trailers do not end their stream");
    }
    HttpHeaders fields = FieldRules.trailers(frame.headers());
    ctx.fireChannelRead(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, fields));
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

  /** What happens to a stream alone, such as a reset, shows when it ends. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ReferenceCountUtil.release(event);
  }

  /** The client broke the protocol on this stream, or its connection is going. */
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
    if (message instanceof Http2ResetFrame) {
      ctx.write(message, promise);
      return;
    }
    boolean ours = message instanceof HttpResponse || message instanceof HttpContent;
    if (message instanceof EncodedAnswer answer) {
      encoded(ctx, answer);
    } else if (!ours) {
      ReferenceCountUtil.release(message);
    }
    if (message instanceof HttpResponse response) {
      head(ctx, response);
    }
    if (message instanceof HttpContent content) {
      content(ctx, content);
    }
    if (!promise.isVoid()) {
      promise.trySuccess();
    }
  }

  private void encoded(ChannelHandlerContext ctx, EncodedAnswer answer) {
    boolean none = headAsked || answer.length() == 0;
    frames.head(ctx, ResponseHeads.write(answer), none);
    if (!none) {
      frames.data(ctx, answer.content(), true);
    }
  }

  private void head(ChannelHandlerContext ctx, HttpResponse response) {
    int status = response.status().code();
    interim = status < 200;
    bodiless = headAsked || status == 204 || status == 205 || status == 304;
    Http2Headers fields = ResponseHeads.write(response);
    if (interim) {
      frames.head(ctx, fields, false);
    } else {
      head = fields;
    }
  }

  private void content(ChannelHandlerContext ctx, HttpContent content) {
    if (interim) {
      content.release();
      return;
    }
    boolean last = content instanceof LastHttpContent;
    HttpHeaders trailers =
        last ? ((LastHttpContent) content).trailingHeaders() : EmptyHttpHeaders.INSTANCE;
    boolean trailed = !trailers.isEmpty();
    boolean data = content.content().isReadable() && !bodiless;
    boolean ends = last && !trailed;
    boolean headEnds = begin(ctx, ends && !data);
    if (data || (ends && !headEnds)) {
      frames.data(ctx, bodiless ? emptied(content) : content.content(), ends);
    } else {
      content.release();
    }
    if (trailed) {
      frames.head(ctx, FieldRules.trailers(trailers), true);
    }
  }

  private static ByteBuf emptied(HttpContent content) {
    content.release();
    return Unpooled.EMPTY_BUFFER;
  }

  /** Sends the head that waits; whether it ended the stream. */
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
