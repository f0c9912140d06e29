package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.config.Listen;
import dev.sluice.config.Retry;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.gateway.filter.Slot;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.proxy.Gatekeeper.Passage;
import dev.sluice.gateway.proxy.http1.Malformed;
import dev.sluice.gateway.proxy.http2.RefusedStream;
import dev.sluice.gateway.proxy.upstream.UpstreamConnection;
import dev.sluice.gateway.proxy.upstream.UpstreamPool;
import dev.sluice.gateway.proxy.upstream.UpstreamUser;
import dev.sluice.gateway.route.Decision;
import dev.sluice.probes.breaker.Failure;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One exchange with the backend: the request goes up while the answer may already come down, each
 * as fast as the other side takes it. Its outcome is told exactly once.
 */
final class Forwarding implements Exchange, UpstreamUser, UpstreamPool.Waiter {
  /** How long an answer may take to arrive after the backend stopped taking the request. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Reception reception;
  private final ClientHandler client;
  private final Asked asked;
  private final Keeping keeping;
  private final Settlement settlement;
  private final UpstreamPool pool;
  private final Backend backend;
  private final Listen listen;
  private final Upload upload;
  private final Download download;
  private final Tries tries;
  private final LongWaits waits;
  private final @Nullable Body kept;
  private LongWaits.@Nullable Wait wait;
  private @Nullable UpstreamConnection upstream;
  private @Nullable UpstreamConnection failed;
  private boolean reused;
  private boolean beginning;
  private boolean pausing;
  private boolean ended;
  private boolean handedOver;
  private boolean hurried;
  private boolean refusedOnce;
  private @Nullable StoredCopy confirmed;
  private boolean reusable;
  private int status;

  Forwarding(
      Reception reception,
      ClientHandler client,
      Asked asked,
      Passage passage,
      Decision.Forward forward,
      Slot slot) {
    this.reception = reception;
    this.client = client;
    this.asked = asked;
    this.keeping = new Keeping(reception, asked, passage.caching(), passage.flight());
    this.backend = asked.matched().backend();
    this.listen = asked.snapshot().configuration().listen();
    this.settlement = new Settlement(reception.services(), asked, passage.permit(), slot);
    this.pool = reception.parts(client).pools().to(backend);
    this.waits = reception.parts(client).waits();
    this.tries = new Tries(asked, reception.budget(asked), reception.services().nanos());
    this.kept =
        forward.queueOnFailure()
            ? new Body(asked.matched().route(), reception.services().memory())
            : null;
    this.upload = new Upload(client, listen.maxBody(), kept);
    this.download = new Download(client, asked, keeping);
  }

  void begin() {
    client.exchange(this);
    connect(false);
  }

  /**
   * Asks for a connection.
   *
   * @param again an earlier one of this exchange failed
   */
  private void connect(boolean again) {
    if (upload.ended() || asked.length() == 0) {
      tries.requestEnded();
    }
    settlement.begins();
    beginning = true;
    if (again) {
      pool.acquireNew(failed, this);
    } else {
      pool.acquire(this);
    }
    beginning = false;
    if (upstream == null && !ended && !pausing) {
      await(tries.connectDeadline());
      if (asked.length() != 0) {
        upload.hold();
      }
    }
  }

  @Override
  public void connected(UpstreamConnection connection, boolean wasIdle) {
    if (ended) {
      connection.release();
      return;
    }
    upstream = connection;
    reused = wasIdle;
    connection.use(this, asked.request().method());
    Channel channel = connection.channel();
    HttpRequest head = Heads.toBackend(asked, reception.services().identities());
    keeping.ask(head.headers());
    channel.write(head, channel.voidPromise());
    long now = reception.services().nanos().getAsLong();
    settlement.sent(now);
    wait = waits.begin(asked, this::closed, now);
    upload.connected(channel);
    if (!beginning) {
      lend(!upload.ended() && !upload.stuck());
      channel.flush();
    }
    await(upload.ended() ? tries.responseDeadline() : listen.bodyIdle());
  }

  /** Waits for so long, or for as long as a stale copy may not stand in. */
  private void await(Duration most) {
    Duration patience = keeping.patience();
    hurried = patience != null && patience.compareTo(most) < 0;
    client.deadline().set(patience != null && hurried ? patience : most);
  }

  @Override
  public void refused(Throwable cause) {
    if (ended) {
      return;
    }
    boolean late = cause instanceof ConnectTimeoutException;
    if (again(Retry.On.CONNECT_FAILED, late ? Failure.TIMEOUT : Failure.CONNECT)) {
      return;
    }
    if (late) {
      unreached();
    } else {
      settlement.failed(Failure.CONNECT);
      giveUp(502, Reasons.unconnected(cause));
    }
  }

  /** Begins a further try, where one may be had; the one before ended so. */
  private boolean again(Retry.On how, Failure failure) {
    Duration pause = !download.begun() && upload.repeatable() ? tries.again(how) : null;
    if (pause == null) {
      return false;
    }
    settlement.again(failure);
    reception.services().observer().retried(asked.matched().route().id(), how);
    leave();
    upload.again();
    pausing = true;
    hurried = false;
    client.deadline().set(pause);
    return true;
  }

  /** The breaker opened while the answer was waited for: whoever came now would get a copy. */
  private void closed() {
    if (!ended && !download.begun() && keeping.standsIn()) {
      settlement.released();
      instead(0, "breaker-open");
    }
  }

  /** Lets go of the backend's connection, whatever goes on there. */
  private void leave() {
    LongWaits.Wait waiting = wait;
    wait = null;
    if (waiting != null) {
      waits.left(waiting);
    }
    UpstreamConnection connection = upstream;
    upstream = null;
    if (connection != null) {
      failed = connection;
      connection.drop();
    }
  }

  private void unreached() {
    settlement.failed(Failure.TIMEOUT);
    giveUp(504, "the backend did not accept a connection in time");
  }

  @Override
  public void content(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (!upload.add(content)) {
      refuse(RequestRules.tooLarge(listen.maxBody()));
    } else if (last && !download.begun() && !ended) {
      settlement.goesOn();
      tries.requestEnded();
      if (upstream != null) {
        settlement.sent(reception.services().nanos().getAsLong());
        await(tries.responseDeadline());
      }
    }
  }

  @Override
  public void readComplete() {
    if (!upload.ended()) {
      upload.flush();
      lend(!upload.stuck());
    }
  }

  @Override
  public void upstreamWritable() {
    if (!ended) {
      upload.hold();
    }
  }

  @Override
  public void interim(HttpResponse response) {
    download.interim(response);
  }

  @Override
  public boolean switched(HttpResponse response) {
    Route.WebSocket webSocket = asked.matched().route().webSocket();
    UpstreamConnection connection = upstream;
    if (ended || connection == null || webSocket == null || !asked.upgrades()) {
      return false;
    }
    status = response.status().code();
    settlement.answered(response);
    timed();
    settlement.complete();
    upstream = null;
    end(status);
    Headers.fromBackend(response.headers(), asked.requestId());
    reception.ended(asked, Outcome.FORWARDED, status);
    new Tunnel(client, connection, webSocket.idle()).begin(response);
    return true;
  }

  @Override
  public void head(HttpResponse response) {
    status = response.status().code();
    settlement.answered(response);
    timed();
    Retry.On failed = Tries.ended(status);
    if (failed != null && again(failed, Failure.STATUS_5XX)) {
      return;
    }
    upload.forget();
    confirmed = keeping.confirmed(response);
    if (confirmed != null) {
      reusable = HttpUtil.isKeepAlive(response);
      return;
    }
    if (status >= 500 && status != 501 && instead(status, null)) {
      return;
    }
    client.deadline().set(backend.idleDeadline());
    download.begin(response);
  }

  private void timed() {
    DataPathServices services = reception.services();
    long now = services.nanos().getAsLong();
    settlement.took(now, upload.ended());
    LongWaits.Wait waiting = wait;
    wait = null;
    if (waiting != null) {
      waits.answered(waiting, now);
    }
  }

  /** Another backend or a stored copy instead of the failure, where there is one. */
  private boolean instead(int failedWith, @Nullable String detail) {
    Passage other = keeping.elsewhere();
    if (other != null) {
      settlement.complete();
      end(status);
      reception.enter(client, asked, other);
      return true;
    }
    StoredCopy copy = keeping.instead();
    if (copy == null) {
      return false;
    }
    settlement.complete();
    end(status);
    reception.copies().serve(client, asked, copy, keeping.status(failedWith, detail));
    return true;
  }

  @Override
  public void body(HttpContent content) {
    if (ended) {
      content.release();
      return;
    }
    if (confirmed != null) {
      boolean last = content instanceof LastHttpContent;
      content.release();
      if (last) {
        confirmed(confirmed);
      }
      return;
    }
    if (download.add(content)) {
      complete();
    } else {
      await();
    }
  }

  /** The backend has said that the copy still holds. */
  private void confirmed(StoredCopy copy) {
    settlement.complete();
    UpstreamConnection connection = upstream;
    upstream = null;
    end(status);
    if (connection != null && reusable && upload.ended()) {
      connection.release();
    } else if (connection != null) {
      connection.drop();
    }
    reception.copies().serve(client, asked, copy, keeping.status(status, null));
  }

  private void complete() {
    settlement.complete();
    keeping.complete(status);
    UpstreamConnection connection = upstream;
    upstream = null;
    boolean whole = download.leavesWhole() && upload.ended();
    end(status);
    if (connection != null && whole) {
      connection.release();
    } else if (connection != null) {
      connection.drop();
    }
    reception.ended(asked, Outcome.FORWARDED, status);
    client.answered();
  }

  @Override
  public void upstreamRead() {
    if (!ended) {
      client.answers().flush();
      await();
    }
  }

  @Override
  public void writabilityChanged() {
    if (!ended && download.begun()) {
      await();
    }
  }

  /** Whoever waits for its client takes no place at the backend. */
  private void lend(boolean waitsForClient) {
    if (waitsForClient) {
      settlement.waitsForClient();
    } else {
      settlement.goesOn();
    }
  }

  /** The next piece of the answer is waited for: from the backend, or for room at the client. */
  private void await() {
    UpstreamConnection connection = upstream;
    if (connection != null && download.begun()) {
      boolean held = download.hold(connection.channel());
      lend(held);
      client.deadline().set(held ? listen.writeDeadline() : backend.idleDeadline());
    }
  }

  @Override
  public void troubled() {
    if (!ended && !download.begun()) {
      upload.refused();
      client.deadline().set(LAST_WORDS);
    }
  }

  @Override
  public void broken(Throwable cause) {
    UpstreamConnection connection = upstream;
    upstream = null;
    if (ended || connection == null) {
      return;
    }
    failed = connection;
    boolean untouched = cause instanceof RefusedStream && !refusedOnce;
    refusedOnce |= untouched;
    boolean stale = reused && !(cause instanceof Malformed) && tries.harmless();
    if (!download.begun() && (stale || untouched) && upload.repeatable()) {
      leave();
      upload.again();
      connect(true);
      return;
    }
    boolean ours = !upload.ended();
    if (!ours) {
      connection.failed();
    }
    if (again(Retry.On.RESET, Failure.RESET)) {
      return;
    }
    if (ours && !download.begun()) {
      settlement.unclear();
    } else {
      settlement.failed(Failure.RESET);
    }
    giveUp(502, Reasons.broken(cause));
  }

  @Override
  public void deadlinePassed() {
    if (hurried && !download.begun()) {
      settlement.released();
      giveUp(504, "the backend did not answer in time");
    } else if (pausing) {
      pausing = false;
      connect(true);
    } else if (upstream == null) {
      unreached();
    } else if (download.begun()) {
      answerStalled();
    } else if (upload.ended() || upload.stuck()) {
      upstream.failed();
      unanswered();
    } else if (upload.progress() >= listen.leastBody(listen.bodyIdle())) {
      client.deadline().set(listen.bodyIdle());
    } else {
      refuse(Problem.closing(408, "the request body made too little progress"));
    }
  }

  private void unanswered() {
    if (!upload.ended() || !again(Retry.On.TIMEOUT, Failure.TIMEOUT)) {
      settlement.failed(Failure.TIMEOUT);
      giveUp(504, "the backend did not answer in time");
    }
  }

  private void answerStalled() {
    boolean waitsForClient = upstream != null && Download.held(upstream.channel());
    if (waitsForClient && client.answers().moved()) {
      client.deadline().set(listen.writeDeadline());
    } else if (waitsForClient) {
      refuse(Problem.closing(408, "the client takes nothing"));
    } else {
      settlement.failed(Failure.TIMEOUT);
      cut(Outcome.UPSTREAM_FAILED);
    }
  }

  @Override
  public void refuse(Problem problem) {
    settlement.released();
    if (download.begun()) {
      cut(Outcome.CLIENT_GONE);
    } else {
      end(problem.status());
      reception.reject(client, asked, problem);
    }
  }

  /** The answer that has begun will not be complete; the client must see that. */
  private void cut(Outcome outcome) {
    end(status);
    reception.ended(asked, outcome, status);
    if (outcome == Outcome.CLIENT_GONE) {
      client.abort();
    } else {
      client.cut();
    }
  }

  /** No answer will come: a stored copy, the queue, or the truth. */
  private void giveUp(int problem, String detail) {
    if (download.begun()) {
      cut(Outcome.UPSTREAM_FAILED);
    } else if (!instead(0, hurried ? "late" : problem == 504 ? "timeout" : "unreachable")) {
      Body body = kept;
      handedOver = body != null && body.fits(asked.length());
      end(problem);
      if (body != null && handedOver) {
        new Gathering(reception, client, asked, body).begin();
      } else {
        String title = problem == 504 ? "Gateway Timeout" : "Bad Gateway";
        reception.reject(client, asked, Problem.of(problem, title, detail));
      }
    }
  }

  /** Lets go of the backend and of every buffer; nothing of this exchange happens afterwards. */
  private void end(int code) {
    ended = true;
    status = code;
    settlement.ended();
    leave();
    upload.close();
    download.close();
    if (kept != null && !handedOver) {
      kept.release();
    }
    keeping.release();
  }

  @Override
  public void clientGone() {
    if (!ended) {
      settlement.released();
      end(status);
      reception.ended(asked, Outcome.CLIENT_GONE, status);
    }
  }
}
