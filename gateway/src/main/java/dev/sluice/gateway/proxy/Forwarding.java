package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.proxy.Gatekeeper.Passage;
import dev.sluice.gateway.route.Decider;
import dev.sluice.gateway.route.Decision;
import dev.sluice.probes.breaker.Failure;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One exchange with the backend: the request goes up while the answer may already come down, each
 * as fast as the other side takes it. Its outcome is told exactly once.
 */
final class Forwarding implements Exchange, UpstreamUser, UpstreamPool.Waiter {
  private final Reception reception;
  private final ClientHandler client;
  private final Asked asked;
  private final Passage passage;
  private final Settlement settlement;
  private final UpstreamPool pool;
  private final Backend backend;
  private final ArrayDeque<HttpContent> early = new ArrayDeque<>();
  private final @Nullable Body kept;
  private final long stamp;
  private final boolean bodiless;
  private @Nullable Channel upstream;
  private @Nullable Tee tee;
  private boolean reused;
  private boolean beginning;
  private boolean requestSent;
  private boolean headSent;
  private boolean ended;
  private boolean poolable;
  private int status;
  private long bodyBytes;
  private long sentAt;
  private long room;

  Forwarding(
      Reception reception,
      ClientHandler client,
      Asked asked,
      Passage passage,
      Decision.Forward forward) {
    this.reception = reception;
    this.client = client;
    this.asked = asked;
    this.passage = passage;
    this.backend = asked.matched().backend();
    this.settlement = new Settlement(reception.services(), asked, passage.permit());
    this.pool = reception.pools(client).to(backend);
    this.kept = forward.queueOnFailure() ? new Body(asked.matched().route()) : null;
    this.stamp = passage.key() == null ? 0 : reception.services().copies().stamp(passage.key());
    this.bodiless = RequestRules.length(asked.request()) == 0;
  }

  void begin() {
    client.exchange(this);
    if (Gathering.expectsContinue(asked)) {
      client.goOn();
    }
    beginning = true;
    pool.acquire(false, this);
    beginning = false;
    if (upstream == null && !ended && !bodiless) {
      client.hold(true);
    }
  }

  @Override
  public void connected(Channel channel, boolean wasIdle) {
    if (ended) {
      pool.release(channel);
      return;
    }
    upstream = channel;
    reused = wasIdle;
    UpstreamPool.handler(channel).use(this, asked.request().method());
    channel.write(head(), channel.voidPromise());
    sentAt = reception.services().nanos().getAsLong();
    early.forEach(this::send);
    if (requestSent && early.isEmpty()) {
      send(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    early.clear();
    if (!beginning) {
      channel.flush();
    }
    client.hold(!requestSent && !channel.isWritable());
    if (requestSent) {
      client.deadline().set(backend.responseDeadline());
    } else {
      client.deadline().set(reception.services().configuration().listen().bodyIdle());
    }
  }

  private HttpRequest head() {
    HttpRequest request =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1,
            asked.request().method(),
            asked.target().pathAndQuery(),
            Headers.toBackend(
                asked.headers(),
                reception.peer(client),
                reception.trusted(client),
                asked.requestId()));
    String host = asked.host();
    request.headers().set("host", host.isEmpty() ? backend.host() + ":" + backend.port() : host);
    return request;
  }

  @Override
  public void refused(Throwable cause) {
    if (ended) {
      return;
    }
    boolean timeout = cause instanceof ConnectTimeoutException;
    settlement.failed(timeout ? Failure.TIMEOUT : Failure.CONNECT);
    giveUp(
        timeout ? 504 : 502,
        timeout
            ? "the backend did not accept a connection in time"
            : "the backend refuses connections");
  }

  @Override
  public void content(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    bodyBytes += content.content().readableBytes();
    requestSent |= last;
    long limit = reception.services().configuration().listen().maxBody();
    if (ended) {
      content.release();
    } else if (bodyBytes > limit) {
      content.release();
      clientAtFault(413, RequestRules.tooLarge(limit));
    } else {
      if (kept != null) {
        kept.add(content.content(), last);
      }
      pass(content, last);
    }
  }

  private void pass(HttpContent content, boolean last) {
    Channel channel = upstream;
    if (channel == null) {
      early.add(content);
      return;
    }
    send(content);
    if (last) {
      channel.flush();
      client.deadline().set(backend.responseDeadline());
    } else {
      client.deadline().set(reception.services().configuration().listen().bodyIdle());
    }
  }

  private void send(HttpContent content) {
    Channel channel = upstream;
    if (channel != null) {
      channel.write(content, channel.voidPromise());
    } else {
      content.release();
    }
  }

  @Override
  public void readComplete() {
    if (upstream != null && !requestSent) {
      upstream.flush();
      client.hold(!upstream.isWritable());
    }
  }

  @Override
  public void upstreamWritable() {
    if (upstream != null && !ended) {
      client.hold(!requestSent && !upstream.isWritable());
    }
  }

  @Override
  public void head(HttpResponse response) {
    status = response.status().code();
    settlement.answered(response);
    DataPathServices services = reception.services();
    services.observer().upstream(backend.id(), services.nanos().getAsLong() - sentAt);
    if (status >= 500 && status != 501 && instead("status-" + status)) {
      return;
    }
    poolable = HttpUtil.isKeepAlive(response) && delimited(response);
    try {
      tee = Tee.of(services.copies(), passage.key(), asked, response, stamp);
    } catch (RuntimeException e) {
      services.observer().fault("copies", e);
    }
    Headers.fromBackend(response.headers(), asked.requestId());
    headSent = true;
    client.deadline().set(backend.idleDeadline());
    client.head(response);
  }

  /** The end of its body shows without closing the connection. */
  private boolean delimited(HttpResponse response) {
    return HttpUtil.isContentLengthSet(response)
        || HttpUtil.isTransferEncodingChunked(response)
        || status == 204
        || status == 304
        || asked.method().equals("HEAD");
  }

  /** Serves a stored copy instead of the failure, where there is one. */
  private boolean instead(String why) {
    StoredCopy copy = stored();
    if (copy == null) {
      return false;
    }
    settlement.complete();
    dropUpstream();
    end(status);
    reception.serve(client, asked, copy, why);
    return true;
  }

  private @Nullable StoredCopy stored() {
    try {
      return reception.gatekeeper().instead(asked, passage.key());
    } catch (RuntimeException e) {
      reception.services().observer().fault("copies", e);
      return null;
    }
  }

  @Override
  public void body(HttpContent content) {
    if (ended) {
      content.release();
      return;
    }
    if (tee != null) {
      tee.add(content.content());
    }
    boolean last = content instanceof LastHttpContent;
    client.write(content);
    if (last) {
      complete();
    } else {
      client.deadline().set(backend.idleDeadline());
      holdUpstream(!client.writable());
    }
  }

  private void complete() {
    settlement.complete();
    keep();
    Channel channel = upstream;
    upstream = null;
    end(status);
    if (channel != null) {
      finish(channel);
    }
    client.flush();
    reception.ended(asked, Outcome.FORWARDED, status);
    client.answered(true);
  }

  private void finish(Channel channel) {
    if (poolable && requestSent) {
      pool.release(channel);
    } else {
      UpstreamPool.handler(channel).leave();
      channel.close();
    }
  }

  private void keep() {
    DataPathServices services = reception.services();
    try {
      if (tee != null) {
        tee.keep(services.clock().instant());
      } else if (!Decider.safe(asked.method()) && status >= 200 && status < 400) {
        services.copies().evictTarget(asked.host(), asked.target().pathAndQuery());
      }
    } catch (RuntimeException e) {
      services.observer().fault("copies", e);
    }
  }

  @Override
  public void upstreamRead() {
    client.flush();
    if (!ended) {
      holdUpstream(!client.writable());
    }
  }

  @Override
  public void writabilityChanged() {
    if (!ended) {
      holdUpstream(!client.writable());
    }
  }

  private void holdUpstream(boolean stop) {
    Channel channel = upstream;
    if (channel != null && channel.config().isAutoRead() == stop) {
      channel.config().setAutoRead(!stop);
    }
  }

  @Override
  public void broken(Throwable cause) {
    upstream = null;
    if (ended) {
      return;
    }
    if (!headSent && reused && bodiless && Decider.idempotent(asked.method())) {
      reused = false;
      early.clear();
      pool.acquire(true, this);
      return;
    }
    settlement.failed(Failure.RESET);
    giveUp(502, "the backend closed the connection before its answer was complete");
  }

  @Override
  public void deadlinePassed() {
    if (moved()) {
      client.deadline().set(backend.idleDeadline());
      return;
    }
    Channel channel = upstream;
    boolean stuck = channel != null && !channel.isWritable();
    boolean unread = channel != null && !channel.config().isAutoRead();
    if (unread || (!requestSent && !stuck)) {
      clientAtFault(
          408, Problem.closing(408, "Request Timeout", "the request body made no progress"));
      return;
    }
    settlement.failed(Failure.TIMEOUT);
    dropUpstream();
    giveUp(504, "the backend did not answer in time");
  }

  /** Whether a slow side has taken something since this was asked last. */
  private boolean moved() {
    long before = room;
    Channel channel = upstream;
    room =
        client.context().channel().bytesBeforeWritable()
            + (channel == null ? 0 : channel.bytesBeforeWritable());
    return room > 0 && room != before;
  }

  /** The client breaks off by what it does or fails to do; the backend is not to blame. */
  private void clientAtFault(int code, Problem problem) {
    settlement.released();
    dropUpstream();
    if (headSent) {
      end(status);
      reception.ended(asked, Outcome.CLIENT_GONE, status);
      client.abort();
    } else {
      end(code);
      reception.reject(client, asked, problem);
    }
  }

  /** No answer will come: a stored copy, the queue, or the truth. */
  private void giveUp(int problem, String detail) {
    if (headSent) {
      end(status);
      reception.ended(asked, Outcome.UPSTREAM_FAILED, status);
      client.abort();
    } else if (!instead("backend-failed")) {
      end(problem);
      if (kept != null && kept.fits(asked.request())) {
        new Gathering(reception, client, asked, kept).begin();
      } else {
        String title = problem == 504 ? "Gateway Timeout" : "Bad Gateway";
        reception.reject(client, asked, Problem.of(problem, title, detail));
      }
    }
  }

  private void end(int code) {
    ended = true;
    status = code;
    early.forEach(HttpContent::release);
    early.clear();
    client.hold(false);
  }

  private void dropUpstream() {
    Channel channel = upstream;
    upstream = null;
    if (channel != null) {
      UpstreamPool.handler(channel).leave();
      channel.close();
    }
  }

  @Override
  public void clientGone() {
    if (!ended) {
      settlement.released();
      dropUpstream();
      ended = true;
      early.forEach(HttpContent::release);
      early.clear();
      reception.ended(asked, Outcome.CLIENT_GONE, status);
    }
  }
}
