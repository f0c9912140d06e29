package dev.sluice.demo.fault;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A server that is always up and says nothing, on a port of 127.0.0.1 chosen by the system. Behind
 * a {@link FaultProxy} it is what else can be reached on a network: it fails with the network
 * alone.
 */
public final class Neighbour implements AutoCloseable {
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("neighbour", true), NioIoHandler.newFactory());
  private final Channel listener;

  private Neighbour() {
    listener =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Silence())
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  public static Neighbour start() {
    return new Neighbour();
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
