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
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Native epoll where there is one, NIO elsewhere; io_uring where it is asked for. */
enum Transports {
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class),
  IO_URING(
      IoUringServerSocketChannel.class, IoUringSocketChannel.class, IoUringDatagramChannel.class),
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
      case EPOLL -> available(EPOLL, Epoll.unavailabilityCause());
      case IO_URING -> available(IO_URING, IoUring.unavailabilityCause());
      case AUTO -> Epoll.isAvailable() ? EPOLL : NIO;
    };
  }

  static Transports available(Transports wanted, @Nullable Throwable hindrance) {
    if (hindrance != null) {
      throw new IllegalStateException(
          "transport "
              + wanted.name().toLowerCase(Locale.ROOT).replace('_', '-')
              + " cannot be had here ("
              + hindrance.getMessage()
              + "); auto takes what there is",
          hindrance);
    }
    return wanted;
  }

  private IoHandlerFactory io() {
    return switch (this) {
      case EPOLL -> HalfClosingEpoll.newFactory();
      case IO_URING -> IoUringIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
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
    return new MultiThreadIoEventLoopGroup(
        count, new DefaultThreadFactory("sluice-loop", true), io());
  }
}
