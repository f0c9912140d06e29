package dev.sluice.gateway.proxy.upstream;

import dev.sluice.config.Backend;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.EventExecutor;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The backends' connections, over all event loops. Safe from any thread and never blocking, save
 * for what {@link LoopPools} says.
 */
public final class Upstreams implements AutoCloseable {
  private final EventLoopGroup loops;
  private final Function<EventLoop, DnsNameResolverBuilder> names;
  private final LongSupplier nanos;
  private final Map<EventLoop, LoopPools> pools = new HashMap<>();
  private final Map<Backend, Upstream> shared = new ConcurrentHashMap<>();

  private final ForkJoinPool tlsTasks = TlsThreads.pool();

  /**
   * @param buffers where the bytes of connections lie
   * @param names resolvers that ask on a loop without blocking
   * @param first what stands first in the pipeline of a connection on this loop
   * @param nanos a monotonic clock
   */
  public Upstreams(
      EventLoopGroup loops,
      Class<? extends SocketChannel> socketType,
      ByteBufAllocator buffers,
      Function<EventLoop, DnsNameResolverBuilder> names,
      Function<EventLoop, ChannelHandler> first,
      LongSupplier nanos) {
    this.loops = loops;
    this.names = names;
    this.nanos = nanos;
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      Bootstrap bootstrap = UpstreamPool.bootstrap(loop, socketType, buffers);
      Supplier<ChannelHandler> head = () -> first.apply(loop);
      pools.put(
          loop,
          new LoopPools(backend -> new UpstreamPool(of(backend), loop, bootstrap, head, nanos)));
    }
  }

  /** Begins to look for these, before the first request. */
  public void prepare(Collection<Backend> backends) {
    backends.forEach(this::of);
  }

  private Upstream of(Backend backend) {
    return shared.computeIfAbsent(backend, this::begin);
  }

  private Upstream begin(Backend backend) {
    Backend.Tls tls = backend.tls();
    return new Upstream(
        backend,
        new AddressBook(backend, loops.next(), names, nanos),
        tls == null ? null : new TlsClient(backend, tls, tlsTasks));
  }

  /** The pools of this loop, which has to be one of ours. */
  public LoopPools on(EventLoop loop) {
    return Objects.requireNonNull(pools.get(loop), "a loop of the data path");
  }

  /**
   * Lets go of all backends but these: their idle connections are closed now, those in use after
   * their exchange. Returns at once.
   */
  public void keep(Collection<Backend> backends) {
    Set<Backend> kept = Set.copyOf(backends);
    pools.forEach((loop, own) -> execute(loop, () -> own.keep(kept)));
    shared.keySet().stream()
        .filter(backend -> !kept.contains(backend))
        .map(shared::remove)
        .filter(Objects::nonNull)
        .forEach(Upstream::close);
  }

  /** How the connections stand, by backend. */
  public List<UpstreamFigures> figures() {
    return shared.values().stream()
        .map(Upstream::figures)
        .sorted(Comparator.comparing(UpstreamFigures::backend))
        .toList();
  }

  /** Asks for no name any more and ends the threads; connections end with their loops. */
  @Override
  public void close() {
    shared.values().forEach(Upstream::close);
    tlsTasks.shutdown();
  }

  private static void execute(EventLoop loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // A loop that has ended has closed its connections.
    }
  }
}
