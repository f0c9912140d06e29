package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Idle connections of one event loop to one backend, newest first. Only whole ones are kept: open,
 * reading, with no exchange on them.
 */
final class UpstreamPool {
  private final Backend backend;
  private final EventLoop loop;
  private final LongSupplier nanos;
  private final Bootstrap bootstrap;
  private final ArrayDeque<Idle> idle = new ArrayDeque<>();
  private boolean sweeping;

  /** Told of the connection that was asked for; exactly one of both is called. */
  interface Waiter {
    void connected(Channel channel, boolean reused);

    void refused(Throwable cause);
  }

  private record Idle(Channel channel, long since) {}

  UpstreamPool(
      Backend backend,
      EventLoop loop,
      Transports transports,
      AddressResolverGroup<InetSocketAddress> names,
      LongSupplier nanos,
      FlushBatch flushes) {
    this.backend = backend;
    this.loop = loop;
    this.nanos = nanos;
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transports.socketType())
            .resolver(names)
            .option(ChannelOption.ALLOCATOR, Buffers.ALLOCATOR)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(backend.connectDeadline().toMillis()))
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    UpstreamHandler handler = new UpstreamHandler();
                    channel
                        .pipeline()
                        .addLast(
                            flushes.newHandler(() -> {}),
                            handler.decoder(),
                            new HttpRequestEncoder(),
                            handler);
                  }
                });
  }

  /** A connection for one exchange: an idle one if there is one, else a new one. */
  void acquire(boolean fresh, Waiter waiter) {
    Channel kept = fresh ? null : pollIdle();
    if (kept != null) {
      waiter.connected(kept, true);
      return;
    }
    ChannelFuture connecting =
        bootstrap.connect(backend.address().host(), backend.address().port());
    connecting.addListener(
        done -> {
          if (done.isSuccess()) {
            waiter.connected(connecting.channel(), false);
          } else {
            waiter.refused(done.cause());
          }
        });
  }

  private @Nullable Channel pollIdle() {
    for (Idle kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
      if (kept.channel.isActive() && handler(kept.channel).idle()) {
        return kept.channel;
      }
      kept.channel.close();
    }
    return null;
  }

  /** Takes back a connection whose exchange is complete on both sides. */
  void release(Channel channel) {
    if (!channel.isActive()) {
      channel.close();
      return;
    }
    handler(channel).leave();
    if (!channel.isWritable() || idle.size() >= backend.pool().size()) {
      channel.close();
      return;
    }
    if (!channel.config().isAutoRead()) {
      channel.config().setAutoRead(true);
    }
    idle.addFirst(new Idle(channel, nanos.getAsLong()));
    sweepLater();
  }

  private void sweepLater() {
    if (!sweeping && !loop.isShuttingDown()) {
      sweeping = true;
      loop.schedule(this::sweep, 1 + backend.idleDeadline().toMillis() / 2, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    sweeping = false;
    long now = nanos.getAsLong();
    for (Iterator<Idle> each = idle.iterator(); each.hasNext(); ) {
      Idle kept = each.next();
      boolean old = now - kept.since >= backend.idleDeadline().toNanos();
      if (old || !kept.channel.isActive()) {
        each.remove();
        kept.channel.close();
      }
    }
    if (!idle.isEmpty()) {
      sweepLater();
    }
  }

  /** Closes a connection that cannot be used again; nothing of it reaches its exchange. */
  static void drop(Channel channel) {
    handler(channel).leave();
    channel.close();
  }

  static UpstreamHandler handler(Channel channel) {
    return channel.pipeline().get(UpstreamHandler.class);
  }
}
