package dev.sluice.gateway.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.ssl.SslHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a backend, lent to one exchange at a time: {@link #use} begins the exchange;
 * {@link #release} or {@link #drop} ends it, or its own end does. Belongs to one event loop.
 */
public final class UpstreamConnection {
  private final EndpointPool home;
  private final UpstreamHandler handler;
  private final long expires;
  private @Nullable Channel channel;
  private long idleSince;
  private long idleLimit;
  private boolean open;
  private boolean lent = true;
  private boolean trial;
  private boolean judged;
  private final boolean stream;

  /** Neighbours among the idle ones, which {@link EndpointPool} sets. */
  @Nullable UpstreamConnection previous;

  @Nullable UpstreamConnection next;
  boolean kept;

  /**
   * A connection that will be; lent from now on.
   *
   * @param trial its first exchange says whether an ejected endpoint comes back
   */
  UpstreamConnection(EndpointPool home, boolean trial, long expires) {
    this(home, trial, expires, false);
  }

  /** A stream of one that speaks HTTP/2: its own exchange's alone, and ended with it. */
  UpstreamConnection(EndpointPool home, boolean trial) {
    this(home, trial, 0, true);
  }

  private UpstreamConnection(EndpointPool home, boolean trial, long expires, boolean stream) {
    this.stream = stream;
    this.home = home;
    this.trial = trial;
    this.expires = expires;
    this.idleLimit = home.pool().idleNanos();
    this.handler = new UpstreamHandler(this, home.pool().secure());
    home.begun();
  }

  /** Where it leads. */
  Endpoint endpoint() {
    return home.endpoint();
  }

  UpstreamHandler handler() {
    return handler;
  }

  void over(Channel opened) {
    channel = opened;
  }

  /** What its bytes go over. */
  public Channel channel() {
    return Objects.requireNonNull(channel, "not connected yet");
  }

  void lend(boolean asTrial) {
    lent = true;
    trial = asTrial;
    judged = false;
    home.begun();
  }

  /** Begins an exchange: what arrives from now on reaches this user. */
  public void use(UpstreamUser user, HttpMethod method) {
    handler.use(user, method);
  }

  /**
   * Has something else than HTTP over it from now on, handed to this handler; it is ended by {@link
   * #drop}.
   */
  public void raw(ChannelHandler handler) {
    this.handler.raw(handler);
  }

  /** Takes it back whole: its exchange is complete on both sides, or never began. */
  public void release() {
    handler.leave();
    giveBack();
    Channel whole = channel();
    if (stream || !whole.isActive() || !whole.isWritable()) {
      close();
      return;
    }
    if (!whole.config().isAutoRead()) {
      whole.config().setAutoRead(true);
    }
    long now = home.pool().now();
    idleSince = now;
    home.keep(this, now);
  }

  /** Ends it in the middle: nothing of it reaches its exchange, and it is closed at once. */
  public void drop() {
    handler.leave();
    giveBack();
    abort();
  }

  /** The endpoint is to blame: it broke off, or was silent, before its answer began. */
  public void failed() {
    if (!judged) {
      judged = true;
      home.pool().failed(home.endpoint(), trial);
    }
  }

  /** An answer's head came: what it says of the endpoint, and of this connection's time. */
  void answered(HttpResponse response) {
    int status = response.status().code();
    HttpHeaders headers = response.headers();
    boolean bad = status >= 502 && status <= 504 && !headers.contains(home.pool().markerHeader());
    if (bad) {
      failed();
    } else if (!judged) {
      judged = true;
      home.endpoint().succeeded(trial, trial ? home.pool().now() : 0);
    }
    String keepAlive = headers.get(KeepAlive.NAME);
    if (keepAlive != null) {
      idleLimit = KeepAlive.limit(keepAlive, home.pool().idleNanos());
    }
  }

  /** It carries streams from now on, and is no exchange's. */
  void linked() {
    giveBack();
    began();
  }

  void began() {
    if (stream) {
      return;
    }
    open = true;
    home.pool().tally().open.increment();
  }

  /** It has ended, by itself or by our closing. */
  void ended() {
    home.remove(this);
    giveBack();
    if (open) {
      open = false;
      home.pool().tally().open.decrement();
    }
  }

  private void giveBack() {
    if (lent) {
      lent = false;
      home.ended();
    }
  }

  /** Whether nothing goes on here, nothing unasked has come, and its time is not over. */
  boolean usable(long now) {
    return channel().isActive()
        && handler.idle()
        && now - idleSince < idleLimit
        && now - expires < 0;
  }

  /** Closes as the protocols say. */
  void close() {
    channel().close();
  }

  /** Closes at once: over TLS without a farewell, which would wait for what is still unsent. */
  void abort() {
    ChannelHandlerContext tls = channel().pipeline().context(SslHandler.class);
    if (tls == null) {
      channel().close();
    } else {
      tls.close();
    }
  }
}
