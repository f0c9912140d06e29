package dev.sluice.gateway.proxy;

import dev.sluice.config.Admin;
import dev.sluice.config.Backend;
import dev.sluice.config.Filter;
import dev.sluice.gateway.filter.Slot;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Origin;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.proxy.Gatekeeper.Passage;
import dev.sluice.gateway.route.Decision;
import dev.sluice.gateway.route.HealthQuestion;
import dev.sluice.gateway.route.Matched;
import dev.sluice.gateway.route.RequestTarget;
import dev.sluice.probes.mode.ServiceMode;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where every request arrives: finds its route, has it judged, and carries the decision out. */
final class Reception {
  /** Below it nothing belongs to a route. */
  private static final String OWN = "/.sluice/";

  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  private final DataPathServices services;
  private final CopyDesk copies;
  private final Gatekeeper gatekeeper;
  private final Entrance entrance;
  private final Writer writer;
  private final MonitorDesk monitors;
  private final OperatorsDoor door = new OperatorsDoor();
  private final Map<EventLoop, LoopParts> parts;
  private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
  private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();
  private final Dates dates;
  private volatile TrustedPeers trusted;
  private volatile boolean draining;

  Reception(
      DataPathServices services,
      Overload overload,
      Map<EventLoop, LoopParts> parts,
      UpstreamClient upstreams) {
    this.services = services;
    this.entrance = new Entrance(this, overload);
    this.parts = parts;
    Flights flights = new Flights(services.nanos());
    this.gatekeeper = new Gatekeeper(services, flights);
    Refresher refresher = new Refresher(services, flights, upstreams);
    this.copies = new CopyDesk(this, refresher, new Refetches(services, flights, refresher));
    this.writer = new Writer(services);
    this.monitors = new MonitorDesk(services);
    this.dates = new Dates(services.clock());
    this.trusted = new TrustedPeers(services.configuration().listen().trustedProxies());
  }

  DataPathServices services() {
    return services;
  }

  Writer writer() {
    return writer;
  }

  Gatekeeper gatekeeper() {
    return gatekeeper;
  }

  CopyDesk copies() {
    return copies;
  }

  Entrance entrance() {
    return entrance;
  }

  OperatorsDoor door() {
    return door;
  }

  /** Takes a request head; whatever goes wrong in here is answered. */
  void receive(ClientHandler client, HttpRequest request) {
    Snapshot snapshot = services.snapshot().get();
    Problem refusal = RequestRules.refusal(request, snapshot.configuration().listen().maxBody());
    if (refusal != null) {
      reject(client, refusal);
      return;
    }
    if (request.uri().equals("*") && HttpMethod.OPTIONS.equals(request.method())) {
      options(client);
      return;
    }
    RequestTarget target = RequestTarget.parse(request.uri());
    if (target == null || !RequestRules.authority(target)) {
      reject(
          client,
          Problem.closing(
              400,
              "Bad Request",
              "the path holds dot segments, empty segments, encoded slashes or control bytes"));
      return;
    }
    if (RequestRules.endsHere(request)) {
      options(client);
      return;
    }
    try {
      route(client, request, target, snapshot);
    } catch (RuntimeException e) {
      services.observer().fault("reception", e);
      client.refuse(Problem.closing(500, "a fault of the gateway"));
    }
  }

  /** What the gateway as a whole takes (RFC 9110, section 9.3.7). */
  private void options(ClientHandler client) {
    FullHttpResponse response = Answers.of(204, Problem.CONTENT_TYPE, new byte[0]);
    response.headers().remove(HttpHeaderNames.CONTENT_TYPE).remove(HttpHeaderNames.CONTENT_LENGTH);
    response.headers().set(HttpHeaderNames.ALLOW, METHODS);
    answer(client, "-", Outcome.HEALTH, "OPTIONS", "*", response);
  }

  private void route(
      ClientHandler client, HttpRequest request, RequestTarget target, Snapshot snapshot) {
    String method = request.method().name();
    HealthQuestion question = snapshot.routes().own(target.path());
    if (question != null) {
      ask(client, new Looking.Question(question, null, method, target.path()));
      return;
    }
    if (target.path().equals(Notice.PATH) && method.equals("GET")) {
      FullHttpResponse notice = Notice.of(snapshot.posture());
      answer(client, "notice", Outcome.HEALTH, method, Notice.PATH, notice);
      return;
    }
    if (target.path().equals(Notice.PAGE_PATH)
        && method.equals("GET")
        && snapshot.configuration().admin().publicPage()) {
      FullHttpResponse page = Notice.page(snapshot.posture());
      answer(client, "notice", Outcome.HEALTH, method, Notice.PAGE_PATH, page);
      return;
    }
    if (target.path().startsWith(MonitorDesk.PREFIX)) {
      monitors.answer(client, request, target, snapshot);
      return;
    }
    Matched operators = door.way(target.path());
    if (operators != null) {
      operators(client, request, target, snapshot, operators);
      return;
    }
    if (preflight(client, request, target, snapshot)) {
      return;
    }
    Matched matched =
        target.path().startsWith(OWN) ? null : snapshot.routes().match(method, target.path());
    if (matched == null) {
      unrouted(client, snapshot, method, target);
      return;
    }
    Problem refusal = RequestRules.webSocket(request, matched.route());
    if (refusal != null) {
      reject(client, refusal);
      return;
    }
    take(client, request, target, snapshot, matched);
  }

  private void operators(
      ClientHandler client,
      HttpRequest request,
      RequestTarget target,
      Snapshot snapshot,
      Matched way) {
    FullHttpResponse refusal =
        door.refusal(request, target.path(), snapshot.configuration().admin());
    if (refusal == null) {
      take(client, request, target, snapshot, way);
    } else {
      String method = request.method().name();
      answer(client, "operators", Outcome.REJECTED, method, Admin.PREFIX, refusal);
    }
  }

  private void take(
      ClientHandler client,
      HttpRequest request,
      RequestTarget target,
      Snapshot snapshot,
      Matched matched) {
    long length = RequestRules.length(request);
    long now = services.nanos().getAsLong();
    Peer peer = client.peer();
    Asked asked = new Asked(request, target, matched, snapshot, peer, trusted(), length, now);
    Tracing tracing = services.tracing();
    if (tracing != null) {
      tracing.begin(asked);
    }
    pass(client, asked);
  }

  /** Answers what a browser asks before it asks, where the route has a word on it. */
  private boolean preflight(
      ClientHandler client, HttpRequest request, RequestTarget target, Snapshot snapshot) {
    String method = CrossOrigin.preflight(request);
    if (method == null || target.path().startsWith(OWN)) {
      return false;
    }
    Matched matched = snapshot.routes().match(method, target.path());
    FullHttpResponse response = CrossOrigin.preflight(request, method, matched);
    if (response == null || matched == null) {
      return false;
    }
    String id = matched.route().id();
    answer(client, id, Outcome.ANSWERED, "OPTIONS", target.path(), response);
    return true;
  }

  private void unrouted(
      ClientHandler client, Snapshot snapshot, String method, RequestTarget target) {
    Set<String> allowed =
        target.path().startsWith(OWN) ? Set.of() : snapshot.routes().allowed(target.path());
    if (allowed.isEmpty()) {
      reject(client, Problem.of(404, "Not Found", "no route has this path"));
      return;
    }
    FullHttpResponse response =
        Answers.of(Problem.of(405, "Method Not Allowed", "no route takes this method here"));
    response.headers().set(HttpHeaderNames.ALLOW, String.join(", ", allowed));
    answer(client, "-", Outcome.REJECTED, method, target.path(), response);
  }

  private void pass(ClientHandler client, Asked asked) {
    Filter instead = asked.matched().rewriting().instead();
    if (instead != null) {
      end(client, asked, Outcome.ANSWERED, Answers.of(instead, asked.target().pathAndQuery()));
      return;
    }
    Passage passage = gatekeeper.judge(asked);
    Decision decision = passage.decision();
    if (!(decision instanceof Decision.Forward)) {
      services.health().kept();
    }
    if (passage.ahead() != null) {
      copies.wait(client, asked, passage.ahead());
    } else if (decision instanceof Decision.Forward forward) {
      entrance.enter(client, asked, passage, forward);
    } else if (decision instanceof Decision.ServeStored stored) {
      copies.serve(client, asked, stored, passage.caching());
    } else if (decision instanceof Decision.Enqueue) {
      new Gathering(this, client, asked, new Body(asked.matched().route(), services.memory()))
          .begin();
    } else if (decision instanceof Decision.AnswerHealth) {
      Matched matched = asked.matched();
      String path = asked.target().path();
      ask(client, new Looking.Question(HealthQuestion.ROUTE, matched, asked.method(), path));
    } else if (decision instanceof Decision.Reject reject) {
      reject(
          client,
          asked,
          new Problem(
              reject.status(), reject.title(), reject.detail(), reject.retryAfter(), false));
    }
  }

  /** Sends the request to its backend; the slot ends with the exchange. */
  void forward(
      ClientHandler client, Asked asked, Passage passage, Decision.Forward forward, Slot slot) {
    Forwarding forwarding;
    try {
      forwarding = new Forwarding(this, client, asked, passage, forward, slot);
    } catch (RuntimeException e) {
      Entrance.giveBack(passage);
      slot.release();
      throw e;
    }
    forwarding.begin();
  }

  /** Sends the request on its way through the limits of its backend. */
  void enter(ClientHandler client, Asked asked, Passage passage) {
    if (passage.decision() instanceof Decision.Forward forward) {
      entrance.enter(client, asked, passage, forward);
    }
  }

  /** Judges a request anew that has waited for another's answer. */
  void again(ClientHandler client, Asked asked) {
    try {
      pass(client, asked.afterWaiting());
    } catch (RuntimeException e) {
      services.observer().fault("reception", e);
      client.refuse(Problem.closing(500, "a fault of the gateway"));
    }
  }

  /** Answers a request that has a route with a problem. */
  void reject(ClientHandler client, Asked asked, Problem problem) {
    if (problem.close()) {
      client.answers().lastOne();
    }
    Outcome outcome =
        problem.status() == 502 || problem.status() == 504
            ? Outcome.UPSTREAM_FAILED
            : Outcome.REJECTED;
    FullHttpResponse response =
        ProblemPage.wanted(asked.headers()) ? ProblemPage.of(problem) : Answers.of(problem);
    response.headers().set(Headers.MODE, asked.mode());
    end(client, asked, outcome, response);
  }

  /** Ends an exchange that has a route with a complete answer. */
  void end(ClientHandler client, Asked asked, Outcome outcome, FullHttpResponse response) {
    response.headers().set(Headers.REQUEST_ID, asked.requestId());
    CrossOrigin.tell(asked, response.headers());
    ended(asked, outcome, response.status().code());
    client.answer(response);
  }

  void ended(Asked asked, Outcome outcome, int status) {
    RequestSpans spans = asked.spans();
    if (spans != null) {
      spans.ended(outcome, status);
    }
    services
        .observer()
        .ended(
            new Ended(
                asked.requestId(),
                asked,
                asked.matched().route().id(),
                outcome,
                asked.method(),
                asked.target().path(),
                status,
                services.nanos().getAsLong() - asked.since()));
  }

  /** The gateway cannot do it now, and may be able to soon. */
  Problem busy(String detail) {
    return Problem.retryable(
        503, "Service Unavailable", detail, services.configuration().breaker().retryAfter());
  }

  /** The time for Date headers. */
  String date() {
    return dates.now();
  }

  /** Answers a request that has no route with a problem. */
  void reject(ClientHandler client, Problem problem) {
    if (problem.close()) {
      client.answers().lastOne();
    }
    FullHttpResponse response = Answers.of(problem);
    if (problem.status() == 405) {
      response.headers().set(HttpHeaderNames.ALLOW, METHODS);
    }
    answer(client, "-", Outcome.REJECTED, "-", "-", response);
  }

  /** Answers at once what needs no route of its own. */
  void answer(
      ClientHandler client,
      String routeId,
      Outcome outcome,
      String method,
      String path,
      FullHttpResponse response) {
    String id = ended(routeId, outcome, method, path, response.status().code());
    response.headers().set(Headers.REQUEST_ID, id);
    client.answer(response);
  }

  /** Tells of what needed no route of its own; its id. */
  String ended(String routeId, Outcome outcome, String method, String path, int status) {
    String id = RequestIds.next();
    Ended ended = new Ended(id, Origin.UNKNOWN, routeId, outcome, method, path, status, 0);
    services.observer().ended(ended);
    return id;
  }

  private void ask(ClientHandler client, Looking.Question question) {
    CompletableFuture<Void> look = services.health().look(question.about());
    if (look == null || look.isDone()) {
      health(client, question);
    } else {
      Duration wait = services.configuration().health().probing().patience();
      new Looking(this, client, question).begin(look, wait);
    }
  }

  /** Answers by what is known now. */
  void health(ClientHandler client, Looking.Question question) {
    Snapshot snapshot = services.snapshot().get();
    Matched matched = question.matched();
    HealthResponder.Answer answer = services.health().answer(question.about(), matched, snapshot);
    FullHttpResponse response = Answers.of(answer.status(), answer.contentType(), answer.body());
    response.headers().set(Headers.MODE, mode(matched, snapshot).label());
    answer(
        client, question.routeId(), Outcome.HEALTH, question.method(), question.path(), response);
  }

  private static ServiceMode mode(@Nullable Matched matched, Snapshot snapshot) {
    return matched == null
        ? snapshot.posture().mode()
        : snapshot.posture().mode(matched.backend().id());
  }

  /** The further tries that its backend gets, over all event loops; null where it has one try. */
  @Nullable RetryBudget budget(Asked asked) {
    Backend backend = asked.matched().backend();
    return asked.matched().route().retry() == null
        ? null
        : budgets.computeIfAbsent(backend.id(), id -> new RetryBudget());
  }

  /** Forgets what is remembered of other backends. */
  void keep(Collection<Backend> backends) {
    budgets.keySet().retainAll(backends.stream().map(Backend::id).toList());
  }

  LoopParts parts(ClientHandler client) {
    return parts(client.context().channel().eventLoop());
  }

  /** What this event loop, which has to be one of the server's, has of its own. */
  LoopParts parts(EventLoop loop) {
    return Objects.requireNonNull(parts.get(loop), "a loop of the data path");
  }

  /** Whose word on where a request came from is believed, by the ranges that hold now. */
  TrustedPeers trusted() {
    List<String> ranges = services.configuration().listen().trustedProxies();
    TrustedPeers known = trusted;
    if (known.of(ranges)) {
      return known;
    }
    TrustedPeers now = new TrustedPeers(ranges);
    trusted = now;
    return now;
  }

  void joined(ClientConnection client) {
    connections.add(client);
    if (connections.size() > services.configuration().listen().maxConnections()) {
      client.close();
    }
  }

  void left(ClientConnection client) {
    connections.remove(client);
  }

  boolean draining() {
    return draining;
  }

  int connections() {
    return connections.size();
  }

  /** No further request on any connection once its current one is answered. */
  void drain() {
    draining = true;
    connections.forEach(client -> client.loop().execute(client::drain));
  }

  /** Ends what is still open. */
  void closeAll() {
    connections.forEach(ClientConnection::close);
  }

  static void drop(@Nullable Object message) {
    ReferenceCountUtil.release(message);
  }
}
