package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.config.Listen;
import dev.sluice.config.Resolver;
import dev.sluice.config.Route;
import dev.sluice.gateway.identity.Operators;
import dev.sluice.gateway.proxy.upstream.UpstreamFigures;
import dev.sluice.gateway.proxy.upstream.Upstreams;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.unix.Errors;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The public port. Not to be started or stopped from an event loop: both wait, bounded. */
public final class FrontServer implements AutoCloseable {
  private final DataPathServices services;
  private final LongSupplier nanos;
  private final Transports transports;
  private final MultiThreadIoEventLoopGroup loops;
  private final Reception reception;
  private final Upstreams upstreams;
  private final Overload overload;
  private final @Nullable ServerTls tls;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Channel listening;

  private FrontServer(
      DataPathServices services, UnaryOperator<DnsNameResolverBuilder> nameServers) {
    this.services = services;
    nanos = services.nanos();
    Listen listen = services.configuration().listen();
    tls = listen.tls() == null ? null : ServerTls.of(listen.tls(), listen.http2());
    transports = Transports.of(listen.transport());
    loops = transports.loops(listen.threads());
    Map<EventLoop, FlushBatch> flushes = new HashMap<>();
    loops.forEach(loop -> flushes.put((EventLoop) loop, new FlushBatch(loop)));
    upstreams =
        new Upstreams(
            loops,
            transports.socketType(),
            Buffers.ALLOCATOR,
            loop -> nameServers.apply(transports.names(loop)),
            loop -> Objects.requireNonNull(flushes.get(loop)).newHandler(() -> {}),
            nanos);
    upstreams.prepare(services.configuration().backends());
    Map<EventLoop, LoopParts> parts = new HashMap<>();
    flushes.forEach(
        (loop, batch) ->
            parts.put(
                loop,
                new LoopParts(
                    upstreams.on(loop),
                    new LongWaits(loop, nanos, services.snapshot(), services.witness()),
                    batch)));
    overload = new Overload(listen, nanos);
    reception = new Reception(services, overload, Map.copyOf(parts), upstreams());
    try {
      listening = bind(listen);
    } catch (RuntimeException e) {
      upstreams.close();
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  /** Listens; throws {@link IllegalStateException} with one sentence where the port is taken. */
  public static FrontServer start(DataPathServices services) {
    Resolver resolver = services.configuration().resolver();
    return new FrontServer(services, names -> asking(names, resolver));
  }

  private static DnsNameResolverBuilder asking(DnsNameResolverBuilder names, Resolver resolver) {
    List<InetSocketAddress> servers =
        resolver.servers().stream().map(s -> new InetSocketAddress(s.host(), s.port())).toList();
    return servers.isEmpty()
        ? names
        : names.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers));
  }

  /** The same, asking other name servers than the system's. */
  static FrontServer start(
      DataPathServices services, UnaryOperator<DnsNameResolverBuilder> nameServers) {
    return new FrontServer(services, nameServers);
  }

  private Channel bind(Listen listen) {
    var binding =
        new ServerBootstrap()
            .group(loops)
            .channel(transports.serverType())
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.RECVBUF_ALLOCATOR, accepts())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.ALLOCATOR, Buffers.ALLOCATOR)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new ClientPipeline(reception, tls))
            .bind(listen.host(), listen.port())
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      boolean taken =
          binding.cause() instanceof BindException
              || binding.cause() instanceof Errors.NativeIoException;
      String why =
          taken
              ? "the address is in use or not of this machine"
              : String.valueOf(binding.cause().getMessage());
      throw new IllegalStateException(
          "cannot listen on " + listen.host() + ":" + listen.port() + ": " + why);
    }
    return binding.channel();
  }

  /** Many connections a wake-up: by default Netty's epoll takes one, and a crowd waits seconds. */
  private static ServerChannelRecvByteBufAllocator accepts() {
    ServerChannelRecvByteBufAllocator accepts = new ServerChannelRecvByteBufAllocator();
    accepts.respectMaybeMoreData(false).maxMessagesPerRead(64);
    return accepts;
  }

  /** The port that the system chose, or the configured one. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /** For replay: the same pools and event loops as live traffic. */
  public UpstreamClient upstreams() {
    return new UpstreamClient(loops, upstreams, overload.limits(), services.identities());
  }

  /** Has the backend asked for what nobody has asked for yet; returns at once. */
  public void prefetch(Route route, String host, String target) {
    reception.copies().refresher().prefetch(route, host, target);
  }

  /** A write has been done to a target: its copies are old. Returns at once. */
  public void outdated(String host, String target) {
    reception.copies().refetches().outdated(host, target);
  }

  /**
   * From now on the operators' pages are served here too, by the admin server on this port.
   *
   * @param known who may come in; null for the bearers of the token
   */
  public void operators(int adminPort, @Nullable Operators known) {
    reception.door().open(adminPort, known);
  }

  /** Asks again for what writes have outdated and could not be had since; returns at once. */
  public void refetch() {
    reception.copies().refetches().again();
  }

  /**
   * Looks whether the certificates that clients are shown are others by now; blocks on the read.
   */
  public void lookAtCertificates() {
    Listen listen = services.configuration().listen();
    if (tls != null && listen.tls() != null) {
      tls.look(listen.tls(), listen.http2());
    }
  }

  /** How the connections to the backends stand. */
  public List<UpstreamFigures> figures() {
    return upstreams.figures();
  }

  /**
   * Lets go of all backends but these: their idle connections are closed now, those in use after
   * their exchange. Returns at once.
   */
  public void keep(Collection<Backend> backends) {
    reception.keep(backends);
    overload.limits().keep(backends);
    upstreams.prepare(backends);
    upstreams.keep(backends);
  }

  /** The limits that live traffic and replay share; somebody has to tick it. */
  public Overload overload() {
    return overload;
  }

  public boolean draining() {
    return reception.draining();
  }

  /** Connections that are open now. */
  public int connections() {
    return reception.connections();
  }

  /**
   * Stops gracefully: goes on to accept for the notice, so that whoever asks sees that readiness
   * fails; every answer is the last one of its connection. True when all connections ended within
   * the time.
   */
  public boolean drain(Duration atMost, Duration notice) {
    reception.drain();
    CountDownLatch empty = new CountDownLatch(1);
    long noticed = nanos.getAsLong() + Math.min(notice.toNanos(), atMost.toNanos());
    var watch =
        loops
            .next()
            .scheduleAtFixedRate(() -> drainOn(noticed, empty), 5, 25, TimeUnit.MILLISECONDS);
    try {
      return empty.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      watch.cancel(false);
      listening.close();
    }
  }

  private void drainOn(long noticed, CountDownLatch empty) {
    reception.drain();
    if (nanos.getAsLong() - noticed >= 0) {
      listening.close();
      if (reception.connections() == 0) {
        empty.countDown();
      }
    }
  }

  @Override
  public void close() {
    if (closed.getCount() == 0) {
      return;
    }
    closed.countDown();
    listening.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    reception.closeAll();
    upstreams.close();
    if (tls != null) {
      tls.close();
    }
    loops
        .shutdownGracefully(50, 2000, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
