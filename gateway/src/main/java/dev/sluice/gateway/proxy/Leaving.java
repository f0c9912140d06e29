package dev.sluice.gateway.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/**
 * The end of a client connection, or of one of its streams. Once it has begun nothing of the
 * client's is read any more as a request.
 */
class Leaving {
  /** How long a client that is still sending has to read the last answer. */
  static final Duration LINGER = Duration.ofSeconds(2);

  final ChannelHandlerContext ctx;
  boolean begun;
  private boolean inputEnded;
  private boolean outputEnded;

  Leaving(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  boolean begun() {
    return begun;
  }

  /** The connection has ended by itself. */
  void gone() {
    begun = true;
  }

  /** The client has ended its sending side. */
  void inputEnded() {
    inputEnded = true;
    if (outputEnded) {
      ctx.close();
    }
  }

  /** Closes once everything written has left; nothing of the client's is unread. */
  void close() {
    begun = true;
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /**
   * Ends the sending side once everything written has left and goes on to read, since closing with
   * bytes unread resets the connection and may take the answer with it (RFC 9112, section 9.6).
   *
   * @param written runs when the sending side has ended
   */
  void linger(Runnable written) {
    begun = true;
    DuplexChannel channel = (DuplexChannel) ctx.channel();
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              outputEnded = true;
              if (done.isSuccess() && !inputEnded && channel.isActive()) {
                shutdownOutput(channel);
                written.run();
              } else {
                channel.close();
              }
            });
  }

  /** Over TLS with the farewell that tells an end from a cut (RFC 8446, section 6.1). */
  private static void shutdownOutput(DuplexChannel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      channel.shutdownOutput();
    } else {
      tls.closeOutbound().addListener(said -> channel.shutdownOutput());
    }
  }

  /**
   * Resets the connection, so that the client sees that its answer is not complete, even where a
   * mere end would be taken for the end of the answer; what the client has not taken is thrown away
   * here and in the kernel, which would otherwise keep it for minutes.
   */
  void abort() {
    begun = true;
    ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
    if (tls == null) {
      ctx.close();
    } else {
      tls.close(); // without a farewell, which would wait for what is still unsent
    }
  }
}
