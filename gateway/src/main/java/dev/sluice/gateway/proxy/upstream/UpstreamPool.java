package dev.sluice.gateway.proxy.upstream;

import dev.sluice.config.Backend;
import dev.sluice.gateway.proxy.upstream.AddressBook.Known;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one backend. Only whole ones are kept: open, reading, with
 * no exchange on them, not past their time. Used on that loop alone.
 */
public final class UpstreamPool {
  private static final EndpointPool[] NONE = {};

  /** Requests that may wait for a name's first answer. */
  private static final int MOST_WAITING = 1024;

  private final Upstream upstream;
  private final Backend backend;
  private final EventLoop loop;
  private final LongSupplier nanos;
  private final Bootstrap bootstrap;
  private final Supplier<ChannelHandler> head;
  private final Balance balance = new Balance();
  private final ArrayDeque<Connecting> waiting = new ArrayDeque<>();
  private EndpointPool[] members = NONE;
  private int idle;
  private int links;
  private boolean sweeping;
  private boolean retired;

  /** Told of the connection that was asked for; exactly one of both is called. */
  public interface Waiter {
    /**
     * Here is the connection; it is the waiter's to use, release or drop.
     *
     * @param reused it was idle before, so that the backend may be closing it
     */
    void connected(UpstreamConnection connection, boolean reused);

    /** No endpoint took a connection; the cause is that of the last one that was tried. */
    void refused(Throwable cause);
  }

  /**
   * @param head makes what stands first in a connection's pipeline
   */
  UpstreamPool(
      Upstream upstream,
      EventLoop loop,
      Bootstrap bootstrap,
      Supplier<ChannelHandler> head,
      LongSupplier nanos) {
    this.upstream = upstream;
    this.backend = upstream.backend();
    this.loop = loop;
    this.bootstrap = bootstrap;
    this.head = head;
    this.nanos = nanos;
    read();
    upstream.watch(() -> execute(this::read));
  }

  static Bootstrap bootstrap(
      EventLoop loop, Class<? extends SocketChannel> socketType, ByteBufAllocator buffers) {
    return new Bootstrap()
        .group(loop)
        .channel(socketType)
        .disableResolver()
        .option(ChannelOption.ALLOCATOR, buffers)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.AUTO_CLOSE, false);
  }

  Backend backend() {
    return backend;
  }

  /** Whether it is this backend's; asked with each request. */
  @SuppressWarnings("ReferenceEquality") // almost always the very same, and quick to tell then
  boolean is(Backend other) {
    return backend == other || backend.equals(other);
  }

  /** A connection for one exchange: an idle one if there is one, else a new one. */
  public void acquire(Waiter waiter) {
    acquire(false, null, waiter);
  }

  /**
   * A connection for one exchange, new in any case.
   *
   * @param after a connection that failed before: where there is another endpoint than its own,
   *     that one is used
   */
  public void acquireNew(@Nullable UpstreamConnection after, Waiter waiter) {
    acquire(true, after == null ? null : after.endpoint(), waiter);
  }

  private void acquire(boolean fresh, @Nullable Endpoint failed, Waiter waiter) {
    if (members.length == 0) {
      // What has become known since may not have been told here yet.
      read();
    }
    long now = nanos.getAsLong();
    if (members.length == 0) {
      waitForAddress(waiter, now);
      return;
    }
    EndpointPool to = balance.choose(members, failed, now);
    boolean trial = balance.trial();
    UpstreamConnection kept = fresh ? null : to.poll(now);
    if (kept != null) {
      kept.lend(trial);
      waiter.connected(kept, true);
    } else {
      connecting(waiter, now, fresh).attempt(to, trial);
    }
  }

  private Connecting connecting(Waiter waiter, long now, boolean fresh) {
    return new Connecting(this, waiter, now + backend.connectDeadline().toNanos(), fresh);
  }

  private void waitForAddress(Waiter waiter, long now) {
    Known known = upstream.known();
    if (known != null) {
      waiter.refused(why(known));
    } else if (waiting.size() >= MOST_WAITING) {
      waiter.refused(new IOException("too many requests wait for the backend's name"));
    } else {
      Connecting late = connecting(waiter, now, false);
      waiting.add(late);
      loop.schedule(() -> expire(late), late.end() - now, TimeUnit.NANOSECONDS);
    }
  }

  private void expire(Connecting late) {
    if (waiting.remove(late)) {
      late.refuse(new ConnectTimeoutException("the backend's name is still being asked for"));
    }
  }

  private static Throwable why(Known known) {
    Throwable cause = known.why();
    return cause instanceof UnknownHostException || cause instanceof SSLException
        ? cause
        : new UnknownHostException("the backend's name has no address");
  }

  /** Takes over what is known of the backend's addresses. */
  private void read() {
    Known known = upstream.known();
    if (known == null) {
      return;
    }
    List<EndpointPool> before = List.of(members);
    members = known.endpoints().stream().map(this::member).toArray(EndpointPool[]::new);
    List<EndpointPool> after = List.of(members);
    before.stream().filter(each -> !after.contains(each)).forEach(EndpointPool::retire);
    for (Connecting late = waiting.poll(); late != null; late = waiting.poll()) {
      if (members.length == 0) {
        late.refuse(why(known));
      } else {
        EndpointPool to = balance.choose(members, null, nanos.getAsLong());
        late.attempt(to, balance.trial());
      }
    }
  }

  private EndpointPool member(Endpoint endpoint) {
    return Arrays.stream(members)
        .filter(each -> each.endpoint() == endpoint)
        .findFirst()
        .orElseGet(() -> new EndpointPool(this, endpoint));
  }

  UpstreamConnection connection(EndpointPool to, boolean trial) {
    return new UpstreamConnection(to, trial, expires());
  }

  /** A connection that speaks HTTP/2 and stands. */
  Link link(UpstreamConnection connection, EndpointPool to) {
    return new Link(to, connection, expires());
  }

  private long expires() {
    double most = backend.pool().lifetime().toNanos();
    long life = (long) (most * (1 - ThreadLocalRandom.current().nextDouble() / 5));
    return nanos.getAsLong() + life;
  }

  boolean speaksHttp2() {
    return backend.http2();
  }

  /** Begins to connect; over TLS the handshake has the same limit, in nanoseconds. */
  ChannelFuture open(UpstreamConnection connection, EndpointPool to, long limit) {
    int millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(limit));
    return bootstrap
        .clone()
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
        .handler(new UpstreamPipeline(upstream, connection, to.endpoint(), head.get(), millis))
        .connect(to.endpoint().address());
  }

  @Nullable EndpointPool untried(Connecting attempt) {
    return Balance.untried(members, attempt);
  }

  void failed(Endpoint endpoint, boolean trial) {
    upstream.failed(endpoint, trial, nanos.getAsLong());
  }

  /** Counts idle connections, and sees to it that they do not grow old. */
  void idle(int more) {
    idle += more;
    tally().idle.add(more);
    sweepLater();
  }

  /** Counts connections that speak HTTP/2, which grow old like idle ones. */
  void linked(int more) {
    links += more;
    sweepLater();
  }

  private void sweepLater() {
    if ((idle > 0 || links > 0) && !sweeping && !loop.isShuttingDown()) {
      sweeping = true;
      loop.schedule(this::sweep, 1 + backend.pool().idle().toMillis() / 2, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    sweeping = false;
    long now = nanos.getAsLong();
    for (EndpointPool each : members) {
      each.sweep(now);
    }
    sweepLater();
  }

  boolean roomForIdle() {
    return !retired && idle < backend.pool().size();
  }

  Tally tally() {
    return upstream.tally();
  }

  String markerHeader() {
    return backend.markerHeader();
  }

  boolean secure() {
    return backend.tls() != null;
  }

  long idleNanos() {
    return backend.pool().idle().toNanos();
  }

  long now() {
    return nanos.getAsLong();
  }

  /** Closes what is idle, and keeps no connection any more; those in use end with their use. */
  void retire() {
    retired = true;
    for (EndpointPool each : members) {
      each.retire();
    }
  }

  private void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // A loop that has ended has closed its connections.
    }
  }
}
