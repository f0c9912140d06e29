package dev.sluice.demo.fault;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Speaks TLS before a PostgreSQL server that does not, as a socket proxy does: it answers an
 * SSLRequest (PostgreSQL, "Message Formats"), shows a certificate that may be changed at any time,
 * and passes on what comes through. Its address is 127.0.0.1.
 */
public final class TlsFront implements AutoCloseable {
  private static final int REQUEST_BYTES = 8;

  private final InetSocketAddress target;
  private final HeldPort port = HeldPort.take();
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("tls-front", true), NioIoHandler.newFactory());
  private final Channel listener;
  private volatile SslContext shown;
  private volatile Manner manner = Manner.SECURE;

  private TlsFront(int targetPort, SslContext shown) {
    this.target = new InetSocketAddress("127.0.0.1", targetPort);
    this.shown = shown;
    this.listener =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new Request());
                  }
                })
            .bind(port.address())
            .syncUninterruptibly()
            .channel();
  }

  /** How an SSLRequest is answered. */
  public enum Manner {
    SECURE,
    /** TLS is not offered. */
    PLAIN,
    /** TLS is offered, and the handshake never answered. */
    MUTE
  }

  /** Listens on a port chosen by the system. */
  public static TlsFront start(int targetPort, SslContext shown) {
    return new TlsFront(targetPort, shown);
  }

  public int port() {
    return port.number();
  }

  /** Shows another certificate to connections from now on. */
  public void show(SslContext other) {
    shown = other;
  }

  public void manner(Manner next) {
    manner = next;
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    port.close();
  }

  /** Waits for the SSLRequest, which is all that a client says before it is answered. */
  private final class Request extends ByteToMessageDecoder {
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (in.readableBytes() < REQUEST_BYTES) {
        return;
      }
      in.skipBytes(REQUEST_BYTES);
      Manner how = manner;
      ctx.writeAndFlush(
          Unpooled.wrappedBuffer(new byte[] {(byte) (how == Manner.PLAIN ? 'N' : 'S')}));
      if (how == Manner.SECURE) {
        secure(ctx);
      } else {
        ctx.pipeline().replace(this, "silence", new Silence());
      }
    }

    private void secure(ChannelHandlerContext ctx) {
      Link link = new Link(ctx.channel(), target);
      ctx.channel().config().setAutoRead(false);
      ctx.pipeline().addLast(shown.newHandler(ctx.alloc()));
      ctx.pipeline().remove(this);
      ctx.channel().closeFuture().addListener(closed -> link.end());
      link.flow(Mode.PASS);
    }
  }
}
