package dev.sluice.gateway.proxy;

import dev.sluice.config.Listen;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Native epoll where there is one, NIO elsewhere. */
enum Transports {
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
  NIO(NioServerSocketChannel.class, NioSocketChannel.class);

  private final Class<? extends ServerChannel> serverType;
  private final Class<? extends SocketChannel> socketType;

  Transports(Class<? extends ServerChannel> serverType, Class<? extends SocketChannel> socketType) {
    this.serverType = serverType;
    this.socketType = socketType;
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

  /** Event loops named {@code sluice-loop-N}; 0 threads means one a processor. */
  MultiThreadIoEventLoopGroup loops(int threads) {
    int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    IoHandlerFactory io = this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(
        count, new DefaultThreadFactory("sluice-loop", true), io);
  }
}
