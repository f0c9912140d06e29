package dev.sluice.gateway.proxy;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.gateway.filter.BackendLimit;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.gateway.route.HealthQuestion;
import dev.sluice.gateway.route.Matched;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.monitor.TrafficWitness;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A front server before a scripted backend, with a posture that the test sets. */
final class Rig implements AutoCloseable, TrafficWitness, ExchangeObserver {
  static final String ROUTES =
      """
      routes:
        - { id: api, match: { path: "/api/**" }, backend: orders }
        - id: limited
          match: { path: /limited }
          backend: orders
          rate-limit: { requests: 2, per: 1h, burst: 3 }
        - id: keyed
          match: { path: /keyed }
          backend: orders
          rate-limit: { requests: 1, per: 1h, by: header(X-Api-Key) }
        - id: retried
          match: { path: "/retry/**" }
          backend: orders
          deadline: 1s
          retry:
            times: 2
            on: [connect-failed, reset, timeout, http-503]
            per-try-deadline: 300ms
        - { id: get-only, match: { path: /only, methods: [GET] }, backend: orders }
        - id: orders-read
          match: { path: "/api/orders/**", methods: [GET, HEAD] }
          backend: orders
          reads: { cache: fallback, principal: public, max-stale: 15m }
        - id: mine
          match: { path: "/mine/*", methods: [GET, HEAD] }
          backend: orders
          reads: { cache: fallback, principal: header(X-User) }
        - id: cached
          match: { path: "/cached/**" }
          backend: orders
          reads: { cache: standard, max-stale: 1h, max-object: 64KiB, revalidate-deadline: 400ms }
        - id: doubled
          match: { path: "/doubled/**" }
          backend: orders
          reads: { cache: fallback, principal: public, instead: [replica] }
        - { id: orders-health, match: { path: /healthz }, backend: replica, kind: health }
        - { id: socket, match: { path: /socket }, backend: orders, websocket: { idle: 500ms } }
        - id: filtered
          match: { path: "/filtered/**", methods: [GET, HEAD, POST] }
          backend: orders
          filters:
            - strip-prefix: /filtered
            - add-prefix: /v2
            - host: inner.example
            - set-request-header: { name: X-Team, value: orders }
            - remove-request-header: X-Debug
            - set-response-header: { name: X-Served-By, value: sluice }
            - remove-response-header: Server
            - cors: { origins: ["https://app.example"], expose: [Age], credentials: true, max-age: 1h }
            - gzip: { min-size: 100B }
        - id: moved
          match: { path: "/moved/**" }
          backend: orders
          filters: [ { redirect: { status: 307, to: "https://new.example{path}{query}" } } ]
        - id: fixed
          match: { path: /fixed }
          backend: orders
          filters: [ { answer: { status: 410, content-type: text/html, body: "<p>Gone</p>" } } ]
        - id: filtered-copies
          match: { path: "/copied/**", methods: [GET, HEAD] }
          backend: orders
          reads: { cache: standard }
          filters:
            - set-response-header: { name: X-Served-By, value: sluice }
            - cors: { origins: ["*"] }
            - strip-prefix: /copied
            - gzip: { min-size: 100B }
        - id: orders-write
          match: { path: "/api/orders/**", methods: [PUT, POST] }
          backend: orders
          writes: { accept: always, replay-as: gateway, principal: public, ttl: 1h, max-body: 1KiB }
      """;

  /** In place of what is said of listening. */
  private static final String PAGE = "page";

  final WireBackend backend;
  final WireBackend replica;
  final FrontServer front;
  final MemoryBudget memory = new MemoryBudget(1 << 20);
  final CopyStore copies = new CopyStore(1 << 20);
  final AtomicReference<Snapshot> snapshot = new AtomicReference<>();
  final AtomicBoolean passthrough = new AtomicBoolean();
  final List<String> witnessed = new CopyOnWriteArrayList<>();
  final List<String> told = new CopyOnWriteArrayList<>();
  final List<String> slow = new CopyOnWriteArrayList<>();
  final List<String> ended = new CopyOnWriteArrayList<>();
  final List<Ended> exchanges = new CopyOnWriteArrayList<>();
  final List<Throwable> faults = new CopyOnWriteArrayList<>();
  final List<String> differed = new CopyOnWriteArrayList<>();
  final AtomicInteger kept = new AtomicInteger();
  final Configuration configuration;

  /** What health answers wait for; null for nothing. */
  final AtomicReference<CompletableFuture<Void>> looks = new AtomicReference<>();

  /** How far the wall clock is ahead of the system's. */
  volatile Duration ahead = Duration.ZERO;

  Rig(WireBackend.Script script) throws IOException {
    this(script, "", "", null);
  }

  Rig(WireBackend.Script script, String listen, String deadlines, WriteQueue queue)
      throws IOException {
    this(script, listen, deadlines, queue, "enforce");
  }

  Rig(WireBackend.Script script, String listen, String deadlines, WriteQueue queue, String mode)
      throws IOException {
    this(script, listen, deadlines, queue, mode, null, Identities.none());
  }

  /** Before a backend of the test's own at this URL. */
  static Rig before(String url, String more) throws IOException {
    return new Rig(
        WireBackend.text("not asked"), "", more, null, "enforce", url, Identities.none());
  }

  /** Before a backend that is shown who the gateway is. */
  static Rig showing(WireBackend.Script script, Optional<String> token) throws IOException {
    Identities identities = Identities.of(null, Instant::now, backend -> token);
    return new Rig(script, "", ", auth: {}", null, "enforce", null, identities);
  }

  private Rig(
      WireBackend.Script script,
      String listen,
      String deadlines,
      WriteQueue queue,
      String mode,
      String url,
      Identities identities)
      throws IOException {
    this(script, listen, deadlines, queue, mode, url, identities, null);
  }

  /** One with a page for users. */
  static Rig withPage(WireBackend.Script script) throws IOException {
    return new Rig(script, PAGE, "", null, "enforce", null, Identities.none());
  }

  /** One that records spans. */
  static Rig traced(WireBackend.Script script, String listen, WriteQueue queue, Tracing tracing)
      throws IOException {
    return new Rig(script, listen, "", queue, "enforce", null, Identities.none(), tracing);
  }

  private Rig(
      WireBackend.Script script,
      String listen,
      String deadlines,
      WriteQueue queue,
      String mode,
      String url,
      Identities identities,
      Tracing tracing)
      throws IOException {
    backend = new WireBackend(script);
    replica = new WireBackend(WireBackend.text("replica"));
    String served = url == null ? "http://127.0.0.1:" + backend.port() : url;
    configuration = Postures.configuration(yaml(served, replica.port(), listen, deadlines, mode));
    snapshot.set(Snapshot.of(configuration, posture(BreakerState.CLOSED)));
    front =
        FrontServer.start(
            new DataPathServices(
                snapshot::get,
                new Breakers(configuration, Clock.systemUTC(), System::nanoTime),
                this,
                copies,
                () -> queue,
                health(),
                this,
                passthrough::get,
                () -> Instant.now().plus(ahead),
                System::nanoTime,
                memory,
                identities,
                tracing));
  }

  private HealthResponder health() {
    return new HealthResponder() {
      @Override
      public Answer answer(HealthQuestion question, Matched matched, Snapshot now) {
        String mode = now.posture().mode().label();
        String text = question == HealthQuestion.ROUTE ? mode : question.name();
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return new Answer(200, "application/health+json", body);
      }

      @Override
      public CompletableFuture<Void> look(HealthQuestion question) {
        return looks.get();
      }

      @Override
      public void kept() {
        kept.incrementAndGet();
      }
    };
  }

  private static String yaml(
      String url, int replica, String listen, String deadlines, String mode) {
    String routes =
        deadlines.contains("http2: true")
            ? ROUTES.replace(", websocket: { idle: 500ms }", "")
            : ROUTES;
    boolean page = listen.equals(PAGE);
    String own = page ? "" : listen;
    String more = own.contains("threads:") ? own : ", threads: 1" + own;
    return """
        environment: test
        mode: %s
        listen: { port: 0, host: 127.0.0.1%s }
        admin: { port: 0, public-page: %s }
        store: { url: "sqlite:./data/sluice.db", key: "%s", accept-volatile: true }
        dependencies:
          - { id: orders-db, type: tcp, url: "tcp://127.0.0.1:1" }
        backends:
          - { id: orders, url: "%s", depends-on: [orders-db]%s }
          - { id: replica, url: "http://127.0.0.1:%d", health: { path: /up } }
        """
            .formatted(mode, more, page, "A".repeat(43) + "=", url, deadlines, replica)
        + routes;
  }

  /** A posture in which the database's breaker stands so. */
  Posture posture(BreakerState database) {
    return posture(database, Instant.EPOCH);
  }

  /** The same, taken at this time. */
  Posture posture(BreakerState database, Instant takenAt) {
    boolean closed = database == BreakerState.CLOSED;
    Verdict verdict =
        closed
            ? Verdict.healthy("orders-db", Instant.EPOCH)
            : Postures.verdict("orders-db", Cause.INFRASTRUCTURE, Detail.VPC_PATH);
    ServiceMode mode = closed ? ServiceMode.FULL : ServiceMode.DB_DEGRADED;
    return new Posture(
        takenAt,
        Instant.EPOCH,
        mode,
        Map.of(
            "orders-db",
            new DependencyStatus(
                "orders-db", verdict, database, false, true, true, !closed, null, null)),
        Map.of(
            "orders",
            new BackendStatus(
                "orders",
                Verdict.healthy("orders", Instant.EPOCH),
                BreakerState.CLOSED,
                null,
                null,
                mode)),
        verdict,
        false);
  }

  void database(BreakerState state) {
    snapshot.updateAndGet(before -> before.with(posture(state)));
  }

  WireClient client() throws IOException {
    return new WireClient(front.port());
  }

  /** Lets real time pass where the test is about deadlines that do not come. */
  static void pause(Duration time) {
    java.util.concurrent.locks.LockSupport.parkNanos(time.toNanos());
  }

  /** One request on a connection of its own. */
  WireClient.Answer get(String target, String... headers) throws IOException {
    try (WireClient client = client()) {
      return client.get(target, headers);
    }
  }

  @Override
  public void answered(String backendId, List<String> dependencies, int status, boolean marked) {
    witnessed.add(status + (marked ? " marked" : ""));
  }

  @Override
  public void told(String backendId, String value) {
    told.add(backendId + " " + value);
  }

  @Override
  public void failed(String backendId, List<String> dependencies, Failure failure) {
    witnessed.add(failure.name());
  }

  @Override
  public void slow(String backendId, List<String> dependencies) {
    slow.add(backendId + " " + dependencies);
  }

  @Override
  public void ended(Ended exchange) {
    exchanges.add(exchange);
    ended.add(exchange.routeId() + " " + exchange.outcome().label() + " " + exchange.status());
  }

  @Override
  public void differed(String routeId, String decision) {
    differed.add(routeId + " " + decision);
  }

  @Override
  public void unlimited(String routeId, String refusal) {
    differed.add(routeId + " " + refusal);
  }

  /** The limit of the backend. */
  BackendLimit limit() {
    return front.overload().limits().of(configuration.backends().get(0));
  }

  @Override
  public void fault(String where, Throwable cause) {
    faults.add(cause);
  }

  @Override
  public void close() throws IOException {
    front.close();
    backend.close();
    replica.close();
  }
}
