package dev.sluice.fallback.store;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * One event loop for one generation of connections: its end closes every socket that was opened for
 * it, those too that the driver has forgotten or that were about to connect. Plain NIO, whatever
 * transports lie on the class path.
 */
final class StoreLoops implements LoopResources {
  private static final Logger log = LoggerFactory.getLogger("sluice.store");

  private static final long QUIET_MILLIS = 0;
  private static final long END_MILLIS = 2_000;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("sluice-store-loop", true), NioIoHandler.newFactory());
  private final Set<Closeable> opened = ConcurrentHashMap.newKeySet();

  @Override
  public EventLoopGroup onServer(boolean useNative) {
    return loop;
  }

  @Override
  public EventLoopGroup onClient(boolean useNative) {
    return loop;
  }

  @Override
  public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
    return type.cast(open());
  }

  private Channel open() {
    try {
      java.nio.channels.SocketChannel socket = java.nio.channels.SocketChannel.open();
      Channel channel = new NioSocketChannel(socket);
      channel.config().setAllocator(HeapParameters.INSTANCE);
      opened.add(socket);
      channel.closeFuture().addListener(closed -> opened.remove(socket));
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException("no socket for the store", e);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public <C extends Channel> Class<? extends C> onChannelClass(
      Class<C> type, EventLoopGroup group) {
    if (type != SocketChannel.class) {
      throw new IllegalArgumentException("the store opens TCP sockets, not " + type.getName());
    }
    return (Class<? extends C>) NioSocketChannel.class;
  }

  @Override
  public void dispose() {
    loop.shutdownGracefully(QUIET_MILLIS, END_MILLIS, TimeUnit.MILLISECONDS)
        .addListener(ended -> opened.forEach(StoreLoops::close));
  }

  /** The loop, which did not know of it yet, has ended. */
  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("a socket of the store did not close: {}", e.toString());
    }
  }

  @Override
  public Mono<Void> disposeLater(Duration quiet, Duration most) {
    return Mono.fromRunnable(this::dispose);
  }

  /** The same for all: Reactor Netty keeps one resolver for ever per hash of its loop resources. */
  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }
}
