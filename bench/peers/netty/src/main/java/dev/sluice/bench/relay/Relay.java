package dev.sluice.bench.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;

/**
 * What any proxy on Netty pays: bytes are passed on without a look at them, a connection to the
 * backend for each client. No HTTP, no pool, no headers, no deadlines.
 */
public final class Relay {
  private final int backendPort;

  private Relay(int backendPort) {
    this.backendPort = backendPort;
  }

  /** PORT and BACKEND_PORT come from the environment. */
  public static void main(String[] args) throws InterruptedException {
    Relay relay = new Relay(Integer.parseInt(System.getenv("BACKEND_PORT")));
    new ServerBootstrap()
        .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
        .channel(EpollServerSocketChannel.class)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel client) {
                relay.join(client);
              }
            })
        .bind("127.0.0.1", Integer.parseInt(System.getenv("PORT")))
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  private void join(Channel client) {
    client.config().setAutoRead(false);
    new Bootstrap()
        .group(client.eventLoop())
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(new Side(client))
        .connect("127.0.0.1", backendPort)
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  client.pipeline().addLast(new Side(connected.channel()));
                  client.config().setAutoRead(true);
                });
  }

  /** Passes on what one side sends. */
  private static final class Side extends ChannelInboundHandlerAdapter {
    private final Channel other;

    Side(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      other.write(bytes, other.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      other.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      other.close();
    }
  }
}
