package dev.sluice.gateway.proxy.http2;

import dev.sluice.gateway.proxy.http1.Malformed;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;

/** A stream to a backend: one request to frames, and its frames to the answer. */
public final class ClientStream extends StreamCodec {
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");

  private final AsciiString scheme;
  private boolean answered;

  /**
   * @param secure the stream's connection has TLS
   */
  public ClientStream(boolean secure) {
    this.scheme = secure ? HTTPS : HTTP;
  }

  @Override
  void head(ChannelHandlerContext ctx, Http2HeadersFrame frame) throws Malformed {
    if (answered) {
      trailers(ctx, frame);
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
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    boolean ours = message instanceof HttpRequest || message instanceof HttpContent;
    if (message instanceof HttpRequest request) {
      begin(RequestHeads.write(request, scheme));
    }
    if (message instanceof HttpContent content) {
      content(ctx, content, false);
    } else if (!ours) {
      ReferenceCountUtil.release(message);
    }
    if (!promise.isVoid()) {
      promise.trySuccess();
    }
  }
}
