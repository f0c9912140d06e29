package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.monitor.Monitor;
import dev.sluice.probes.monitor.MonitorListener;
import dev.sluice.probes.verdict.Vantage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the gateway alone sees fail shuts an idle route, and one request per retry period finds out
 * whether it is right. The backend's address is written so that nothing proves a shared network;
 * the monitor's clock is put ahead where a period has to pass.
 */
class CanaryTest {
  private static final Duration RETRY = Duration.ofMinutes(5);
  private static final Duration IDLE = Duration.ofSeconds(11);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String KEPT = "/api/orders/1";
  private static final String OTHER = "/api/other";
  private static final String YAML =
      """
      environment: test
      mode: enforce
      listen: { port: 0, host: 127.0.0.1, threads: 2 }
      breaker: { failures: 3, retry-after: 5m }
      dependencies:
        - { id: orders-db, type: tcp, url: "tcp://127.0.0.1:%d", interval: 200ms }
      backends:
        - { id: orders, url: "http://[::ffff:127.0.0.1]:%d", depends-on: [orders-db] }
      routes:
        - { id: plain, match: { path: "/api/**" }, backend: orders }
        - id: orders-read
          match: { path: "/api/orders/**", methods: [GET] }
          backend: orders
          reads: { cache: fallback, principal: public }
      """;

  private final AtomicLong ahead = new AtomicLong();
  private final AtomicReference<Snapshot> snapshot = new AtomicReference<>();
  private WireBackend backend;
  private ServerSocket database;
  private Monitor monitor;
  private FrontServer front;

  @BeforeEach
  void start() throws IOException {
    backend = new WireBackend(WireBackend.text("before"));
    database = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Configuration configuration =
        Postures.configuration(YAML.formatted(database.getLocalPort(), backend.port()));
    snapshot.set(Snapshot.of(configuration, Postures.healthy()));
    monitor =
        new Monitor(
            configuration,
            Clock.systemUTC(),
            () -> System.nanoTime() + ahead.get(),
            (of, posture) -> snapshot.updateAndGet(before -> before.with(posture)),
            new MonitorListener() {},
            own -> Optional.empty());
    front = FrontServer.start(services());
    monitor.start();
  }

  private DataPathServices services() {
    return new DataPathServices(
        snapshot::get,
        monitor.breakers(),
        monitor.witness(),
        new CopyStore(1 << 20),
        () -> null,
        (question, matched, now) -> new HealthResponder.Answer(200, "text/plain", new byte[0]),
        new Unheard(),
        () -> false,
        Clock.systemUTC(),
        System::nanoTime,
        new MemoryBudget(1 << 20),
        Identities.none(),
        null);
  }

  @AfterEach
  void stop() throws IOException {
    front.close();
    monitor.close();
    backend.close();
    database.close();
  }

  private DependencyStatus status() {
    return Objects.requireNonNull(snapshot.get().posture().dependencies().get("orders-db"));
  }

  private void awaitBreaker(BreakerState state) {
    await(state.toString()).atMost(PATIENCE).until(() -> status().breaker() == state);
  }

  private WireClient.Answer get(String target) throws IOException {
    try (WireClient client = new WireClient(front.port())) {
      return client.get(target);
    }
  }

  /** The route is used, falls idle, and is shut on the word of the gateway's climbs alone. */
  private void shut() throws IOException {
    await("mode full")
        .atMost(PATIENCE)
        .until(() -> status().proven() && snapshot.get().posture().mode() == ServiceMode.FULL);
    assertThat(get(KEPT).text()).isEqualTo("before");
    database.close();
    ahead.addAndGet(IDLE.toNanos());
    awaitBreaker(BreakerState.OPEN);
    assertThat(Objects.requireNonNull(status().lastClimb()).vantage()).isEqualTo(Vantage.GATEWAY);
  }

  /** Neither a copy nor a refusal costs the backend a request. */
  private void nothingPasses() throws IOException {
    int before = backend.requests.size();
    WireClient.Answer copy = get(KEPT);
    assertThat(copy.text()).isEqualTo("before");
    assertThat(copy.header("cache-status")).contains("sluice; hit");
    WireClient.Answer refused = get(OTHER);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).isNotNull();
    assertThat(backend.requests).hasSize(before);
  }

  private List<Integer> together(int count) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(count);
    try {
      List<Callable<Integer>> asks = Collections.nCopies(count, () -> get(OTHER).status());
      List<Integer> statuses = new java.util.ArrayList<>();
      for (Future<Integer> answered : clients.invokeAll(asks)) {
        statuses.add(answered.get());
      }
      return statuses;
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void oneRequestPerRetryPeriodPassesUntilOneSucceeds() throws Exception {
    shut();
    nothingPasses();
    backend.script(WireBackend.raw(WireBackend.answer("500 Internal Error", "broken"), true));
    for (int period = 1; period <= 2; period++) {
      int before = backend.requests.size();
      ahead.addAndGet(RETRY.toNanos());
      assertThat(together(8)).containsOnlyOnce(500).contains(503).containsOnly(500, 503);
      assertThat(backend.requests).hasSize(before + 1);
      assertThat(status().breaker()).isEqualTo(BreakerState.OPEN);
      nothingPasses();
    }
    backend.script(WireBackend.text("after"));
    nothingPasses();
    ahead.addAndGet(RETRY.toNanos());
    WireClient.Answer canary = get(KEPT);
    assertThat(canary.text()).isEqualTo("after");
    assertThat(canary.header("cache-status")).isNull();
    awaitBreaker(BreakerState.HALF_OPEN);
    for (int trial = 0; trial < 3; trial++) {
      assertThat(get(OTHER).text()).isEqualTo("after");
    }
    awaitBreaker(BreakerState.CLOSED);
  }
}
