package dev.sluice.gateway.proxy;

import dev.sluice.config.Listen;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Native epoll where there is one, NIO elsewhere. */
enum Transports {
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class),
  NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class);

  private static final long QUERY_MILLIS = 800;

  private final Class<? extends ServerChannel> serverType;
  private final Class<? extends SocketChannel> socketType;
  private final Class<? extends DatagramChannel> datagramType;

  Transports(
      Class<? extends ServerChannel> serverType,
      Class<? extends SocketChannel> socketType,
      Class<? extends DatagramChannel> datagramType) {
    this.serverType = serverType;
    this.socketType = socketType;
    this.datagramType = datagramType;
  }

  static Transports of(Listen.Transport wanted) {
    return switch (wanted) {
      case NIO -> NIO;
      case EPOLL -> {
        Epoll.ensureAvailability();
        yield EPOLL;
      }
      case AUTO -> Epoll.isAvailable() ? EPOLL : NIO;
    };
  }

  Class<? extends ServerChannel> serverType() {
    return serverType;
  }

  Class<? extends SocketChannel> socketType() {
    return socketType;
  }

  /** What resolves names on this loop without blocking. */
  DnsNameResolverBuilder names(EventLoop loop) {
    return new DnsNameResolverBuilder(loop)
        .datagramChannelType(datagramType)
        .socketChannelType(socketType, true)
        .queryTimeoutMillis(QUERY_MILLIS);
  }

  /** Event loops named {@code sluice-loop-N}; 0 threads means one a processor. */
  MultiThreadIoEventLoopGroup loops(int threads) {
    int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    IoHandlerFactory io = this == EPOLL ? HalfClosingEpoll.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(
        count, new DefaultThreadFactory("sluice-loop", true), io);
  }
}
