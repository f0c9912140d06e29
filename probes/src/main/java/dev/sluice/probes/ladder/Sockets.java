package dev.sluice.probes.ladder;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Every socket of one climb. The PostgreSQL driver forgets the socket of a cancelled connect;
 * because it takes its sockets from here, {@link #closeAll()} closes that one as well. Safe from
 * any thread.
 */
final class Sockets implements LoopResources {
  private final EventLoopGroup loops;
  private final Queue<Channel> opened = new ConcurrentLinkedQueue<>();
  private final Supplier<EventLoopGroup> clientLoops;
  private final Queue<EventLoopGroup> lentLoops = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /** All sockets on the same loops. */
  Sockets(EventLoopGroup loops) {
    this(loops, () -> loops);
  }

  /** Sockets of a library's client on loops of its own. */
  Sockets(EventLoopGroup loops, Supplier<EventLoopGroup> clientLoops) {
    this.loops = loops;
    this.clientLoops = clientLoops;
  }

  /** A bootstrap for TCP whose sockets are closed with the rest. */
  Bootstrap bootstrap() {
    return new Bootstrap()
        .group(loops)
        .channelFactory(this::open)
        .option(ChannelOption.TCP_NODELAY, true);
  }

  /** The same for a file. */
  Bootstrap local() {
    return new Bootstrap().group(loops).channelFactory(() -> kept(new NioDomainSocketChannel()));
  }

  /** Closes what was opened, and at once whatever is opened later. */
  void closeAll() {
    closed = true;
    for (Channel channel = opened.poll(); channel != null; channel = opened.poll()) {
      close(channel);
    }
  }

  /**
   * Completes when each event loop that the sockets are on has got to a task that was given to it
   * now.
   */
  Mono<Void> turns() {
    Flux<EventExecutor> own =
        Flux.fromIterable(opened).filter(Channel::isRegistered).map(Channel::eventLoop);
    // A loop that is busy has not even registered the client's socket.
    Flux<EventExecutor> lent = Flux.fromIterable(lentLoops).concatMapIterable(group -> group);
    return own.concatWith(lent).distinct().flatMap(Sockets::turn).then();
  }

  /** A loop that has ended has nothing to do. */
  private static Mono<Void> turn(EventExecutor loop) {
    return Mono.<Void>create(sink -> loop.execute(sink::success)).onErrorComplete();
  }

  private Channel open() {
    return kept(new NioSocketChannel());
  }

  private <C extends Channel> C kept(C channel) {
    opened.add(channel);
    if (closed) {
      closeAll();
    }
    return channel;
  }

  private static void close(Channel channel) {
    if (channel.isRegistered()) {
      channel.close();
    } else {
      channel.unsafe().closeForcibly();
    }
  }

  /**
   * The same for all: Reactor Netty keeps one resolver for ever per hash of its loop resources, and
   * there is one of these per climb.
   */
  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public EventLoopGroup onServer(boolean useNative) {
    return loops;
  }

  @Override
  public EventLoopGroup onClient(boolean useNative) {
    EventLoopGroup lent = clientLoops.get();
    lentLoops.add(lent);
    return lent;
  }

  @Override
  public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
    return type.cast(
        type == DomainSocketChannel.class ? kept(new EpollDomainSocketChannel()) : open());
  }

  @Override
  @SuppressWarnings("unchecked")
  public <C extends Channel> Class<? extends C> onChannelClass(
      Class<C> type, EventLoopGroup group) {
    if (type == DomainSocketChannel.class) {
      return (Class<? extends C>) EpollDomainSocketChannel.class;
    }
    if (type != SocketChannel.class) {
      throw new IllegalArgumentException("probes open client sockets, not " + type.getName());
    }
    return (Class<? extends C>) NioSocketChannel.class;
  }
}
