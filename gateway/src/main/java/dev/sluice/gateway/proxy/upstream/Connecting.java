package dev.sluice.gateway.proxy.upstream;

import dev.sluice.gateway.proxy.upstream.UpstreamPool.Waiter;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.ApplicationProtocolNames;
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
  private final boolean fresh;
  private final List<Endpoint> tried = new ArrayList<>(1);
  private boolean trial;

  /**
   * @param fresh a connection that others use already will not do
   */
  Connecting(UpstreamPool pool, Waiter waiter, long end, boolean fresh) {
    this.pool = pool;
    this.waiter = waiter;
    this.end = end;
    this.fresh = fresh;
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
  void attempt(EndpointPool to, boolean asTrial) {
    tried.add(to.endpoint());
    trial = asTrial;
    if (pool.speaksHttp2()) {
      share(to);
    } else {
      connect(to);
    }
  }

  /** Over a connection that others use as well, else over a new one that they may use. */
  private void share(EndpointPool to) {
    if (!sharesLink(to)) {
      connect(to);
    }
  }

  /** Over a connection that stands or is being made, where there is one with room. */
  private boolean sharesLink(EndpointPool to) {
    Link link = fresh ? null : to.links().withRoom(pool.now());
    if (link != null) {
      link.open(waiter, trial, true);
    }
    return link != null || (!fresh && to.links().joins(this));
  }

  /** Begins over a connection that has been made; false where it has no room. */
  boolean begins(Link link) {
    boolean room = link.hasRoom(pool.now());
    if (room) {
      link.open(waiter, trial, false);
    }
    return room;
  }

  /** Makes a connection of its own. */
  void connect(EndpointPool to) {
    if (pool.speaksHttp2()) {
      to.links().making();
    }
    long left = end - pool.now();
    long share = pool.untried(this) == null ? left : left / 2;
    UpstreamConnection connection = pool.connection(to, trial);
    ChannelFuture opening = pool.open(connection, to, share);
    opening.addListener(
        done -> {
          if (done.isSuccess()) {
            opened(connection, to);
          } else {
            failed(connection, to, done.cause());
          }
        });
  }

  private void opened(UpstreamConnection connection, EndpointPool to) {
    SslHandler tls = connection.channel().pipeline().get(SslHandler.class);
    if (tls == null) {
      connected(connection, to, true);
      return;
    }
    Future<?> shaking = tls.handshakeFuture();
    shaking.addListener(
        done -> {
          if (done.isSuccess()) {
            boolean agreed = ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
            connected(connection, to, agreed);
          } else {
            connection.abort();
            failed(connection, to, unsecured(shaking.cause()));
          }
        });
  }

  /**
   * @param http2 the backend speaks it, as far as anybody has said
   */
  private void connected(UpstreamConnection connection, EndpointPool to, boolean http2) {
    pool.tally().connects.increment();
    if (!pool.speaksHttp2()) {
      waiter.connected(connection, false);
    } else if (http2) {
      Link link = pool.link(connection, to);
      link.begin();
      to.made(link);
      link.open(waiter, trial, false);
      to.links().roomFor(link);
      to.links().left().forEach(each -> each.share(to));
    } else {
      UpstreamPipeline.http1(connection);
      connection.began();
      waiter.connected(connection, false);
      to.links().unmade().forEach(each -> each.connect(to));
    }
  }

  private void failed(UpstreamConnection connection, EndpointPool to, @Nullable Throwable cause) {
    pool.tally().failures.increment();
    connection.failed();
    connection.ended();
    elsewhere(cause);
    if (pool.speaksHttp2()) {
      to.links().unmade().forEach(each -> each.elsewhere(cause));
    }
  }

  private void elsewhere(@Nullable Throwable cause) {
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
