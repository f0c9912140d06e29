package dev.sluice.gateway.proxy.upstream;

import dev.sluice.gateway.proxy.upstream.UpstreamPool.Waiter;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The way to one new connection: endpoint after endpoint until one takes it, within the connect
 * deadline. Nothing of a request has been sent meanwhile.
 */
final class Connecting {
  private final UpstreamPool pool;
  private final Waiter waiter;
  private final long end;
  private final List<Endpoint> tried = new ArrayList<>(1);

  Connecting(UpstreamPool pool, Waiter waiter, long end) {
    this.pool = pool;
    this.waiter = waiter;
    this.end = end;
  }

  /** When it is given up. */
  long end() {
    return end;
  }

  boolean hasTried(Endpoint endpoint) {
    return tried.contains(endpoint);
  }

  void refuse(Throwable cause) {
    waiter.refused(cause);
  }

  /** Tries this endpoint; where others are left, one that is silent gets half of the time. */
  void attempt(EndpointPool to, boolean trial) {
    tried.add(to.endpoint());
    long left = end - pool.now();
    long share = pool.untried(this) == null ? left : left / 2;
    UpstreamConnection connection = pool.connection(to, trial);
    ChannelFuture opening = pool.open(connection, to, share);
    opening.addListener(
        done -> {
          if (done.isSuccess()) {
            opened(connection);
          } else {
            failed(connection, done.cause());
          }
        });
  }

  private void opened(UpstreamConnection connection) {
    SslHandler tls = connection.channel().pipeline().get(SslHandler.class);
    if (tls == null) {
      connected(connection);
      return;
    }
    Future<?> shaking = tls.handshakeFuture();
    shaking.addListener(
        done -> {
          if (done.isSuccess()) {
            connected(connection);
          } else {
            connection.abort();
            failed(connection, unsecured(shaking.cause()));
          }
        });
  }

  private void connected(UpstreamConnection connection) {
    pool.tally().connects.increment();
    waiter.connected(connection, false);
  }

  private void failed(UpstreamConnection connection, @Nullable Throwable cause) {
    pool.tally().failures.increment();
    connection.failed();
    connection.ended();
    EndpointPool next = end - pool.now() > 0 ? pool.untried(this) : null;
    if (next == null) {
      waiter.refused(told(cause));
    } else {
      attempt(next, next.endpoint().tried(pool.now()));
    }
  }

  /** A handshake that found no end, or whose connection broke, says so by its type. */
  private static Throwable unsecured(@Nullable Throwable cause) {
    if (cause instanceof SslHandshakeTimeoutException) {
      return new ConnectTimeoutException("the TLS handshake took too long");
    }
    return cause instanceof SSLException ? cause : new SSLException("no handshake", cause);
  }

  private static Throwable told(@Nullable Throwable cause) {
    return cause == null ? new ConnectTimeoutException() : cause;
  }
}
