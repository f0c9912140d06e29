package dev.sluice.gateway.proxy.http2;

import dev.sluice.gateway.proxy.http1.EncodedAnswer;
import dev.sluice.gateway.proxy.http1.Malformed;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;

/** A client's stream: its frames to one request, and the answer to frames. */
public final class ServerStream extends StreamCodec {
  private boolean begun;
  private boolean headAsked;
  private boolean interim;
  private boolean bodiless;

  /** What was written to the stream and has not left. */
  public Outflow outflow() {
    return frames;
  }

  @Override
  void head(ChannelHandlerContext ctx, Http2HeadersFrame frame) throws Malformed {
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

  /** What happens to a stream alone, such as a reset, shows when it ends. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ReferenceCountUtil.release(event);
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
      if (interim) {
        content.release();
      } else {
        content(ctx, content, bodiless);
      }
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
      begin(fields);
    }
  }
}
