package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.http2.Outflow;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;

/** The end of one stream of HTTP/2; its connection goes on. */
final class LeavingStream extends Leaving {
  private final Outflow answer;

  /**
   * @param answer what has been written and may not have left
   */
  LeavingStream(ChannelHandlerContext ctx, Outflow answer) {
    super(ctx);
    this.answer = answer;
  }

  /** It ends with the last frames of both sides. */
  @Override
  void close() {
    begun = true;
    ctx.flush();
  }

  /**
   * The answer is complete before the request is (RFC 9113, section 8.1). A reset throws away what
   * waits for the client's window, so that it comes last.
   */
  @Override
  void linger(Runnable written) {
    begun = true;
    ctx.flush();
    answer.afterwards(() -> reset(Http2Error.NO_ERROR));
  }

  /** The client must see that its answer is not complete. */
  @Override
  void abort() {
    begun = true;
    reset(Http2Error.INTERNAL_ERROR);
  }

  private void reset(Http2Error why) {
    ctx.writeAndFlush(new DefaultHttp2ResetFrame(why));
    ctx.close();
  }
}
