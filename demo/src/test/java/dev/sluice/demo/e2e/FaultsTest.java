package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Caller.Answer;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Each fault of the database gets its cause and detail, and the service stays up under it. */
@Timeout(90)
@Order(1)
@ResourceLock(value = Contended.PROCESSOR, mode = ResourceAccessMode.READ)
class FaultsTest {
  private static Stand stand;
  private static Caller caller;

  /**
   * The probe goes to the server itself, so that a dead one refuses; the backend by the proxy. A
   * backend whose connects are swallowed answers its health after the deadline.
   */
  @BeforeAll
  static void start() {
    stand =
        Stand.start(
            0,
            0,
            (world, text) ->
                text.replace(
                        "url: \"" + world.databaseUrl() + "\"",
                        "url: \"" + world.postgres().url() + "\"")
                    .replace("full-interval: 10s", "full-interval: 1s")
                    .replace("interval: 1s }", "interval: 1s, deadline: 800ms }")
                    // Outage after outage within a minute: each return would take longer.
                    .concat(
                        "breaker: { trial-climbs: 1, recovery: 500ms, learning: { mode: off } }\n"));
    caller = new Caller(() -> stand.gateway().port());
  }

  /** Whatever a test left behind, the next one finds the way open. */
  @AfterEach
  void repair() {
    stand.world().databaseProxy().mode(Mode.PASS);
    if (stand.world().postgres().pids().isEmpty()) {
      stand.world().postgres().restart();
    }
    stand.world().postgres().thaw();
  }

  @AfterAll
  static void stop() {
    stand.close();
    assertThat(stand.world().postgres().pids()).isEmpty();
  }

  private static void healthy() {
    await("mode full, with a healthy database and backend")
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                stand.gateway().posture().mode() == ServiceMode.FULL
                    && status().verdict().cause() == Cause.NONE
                    && status().breaker() == BreakerState.CLOSED
                    && caller.get("/health/orders").status() == 200
                    && backend().verdict().detail() == Detail.HEALTHY
                    && caller.get("/api/orders").header("cache-status").isEmpty());
    assertThat(caller.get("/api/orders").status()).isEqualTo(200);
  }

  private static DependencyStatus status() {
    return Objects.requireNonNull(stand.gateway().posture().dependencies().get("orders-db"));
  }

  /** Waits for a verdict; until then, too, the platform is given no reason for a restart. */
  private static Verdict judged(Cause cause, Detail detail) {
    await(cause + " " + detail)
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              if (cause == Cause.INFRASTRUCTURE) {
                assertThat(caller.get("/health/orders").status()).isEqualTo(200);
              }
              return status().verdict();
            },
            verdict -> verdict.cause() == cause && verdict.detail() == detail);
    Verdict verdict = status().verdict();
    assertThat(verdict.evidence()).isNotEmpty();
    assertThat(verdict.remedy()).isNotBlank();
    return verdict;
  }

  /** Where a read comes from. */
  private enum Reads {
    LIVE,
    STORED
  }

  private static void keptUp(Reads reads) {
    assertThat(caller.get("/health/ready").status()).isEqualTo(200);
    assertThat(caller.get("/health/live").status()).isEqualTo(200);
    assertThat(caller.get("/health/orders").status()).isEqualTo(200);
    Answer read = caller.get("/api/orders");
    assertThat(read.status()).as(read.toString()).isEqualTo(200);
    String from = read.header("cache-status").orElse("");
    if (reads == Reads.LIVE) {
      assertThat(from).isEmpty();
    } else {
      assertThat(from).contains("sluice; hit");
    }
  }

  /** Longer than a breaker takes to open. */
  private static void keptUpFor(Duration time, Reads reads) {
    await("kept up")
        .during(time)
        .atMost(time.plusSeconds(20))
        .until(
            () -> {
              keptUp(reads);
              return true;
            });
  }

  private static void open() {
    await("breaker open")
        .atMost(Duration.ofSeconds(20))
        .until(() -> status().breaker() == BreakerState.OPEN);
  }

  private static String held() {
    Answer held =
        caller.write("POST", "/api/orders", "{\"item\":\"held\",\"quantity\":1}", Optional.empty());
    assertThat(held.status()).as(held.toString()).isEqualTo(202);
    return held.header("location").orElseThrow();
  }

  /** As a failover does: sessions that began on a node that only reads would stay so. */
  private static void endSessions() {
    stand
        .world()
        .postgres()
        .execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where backend_type = 'client backend' and pid <> pg_backend_pid()");
  }

  private static void released(String monitor) {
    await("the held write is released")
        .atMost(Duration.ofSeconds(40))
        .until(() -> caller.get(monitor).header("sluice-write").orElse("").equals("succeeded"));
  }

  @Test
  void killedServerRefuses() throws IOException {
    healthy();
    stand.world().postgres().kill();
    judged(Cause.INFRASTRUCTURE, Detail.SERVER_REFUSING);
    open();
    keptUp(Reads.STORED);
    assertThat(DiagnoseProcess.run(stand.routes())).isEqualTo(10);
    String monitor = held();
    stand.world().postgres().restart();
    released(monitor);
    healthy();
  }

  @Test
  void stoppedServerIsSilent() {
    healthy();
    stand.world().postgres().freeze();
    judged(Cause.INFRASTRUCTURE, Detail.SILENT_SERVER);
    open();
    keptUp(Reads.STORED);
    String monitor = held();
    stand.world().postgres().thaw();
    released(monitor);
    healthy();
  }

  @Test
  void wrongPasswordIsNamedAndCutsNoTraffic() {
    healthy();
    warm();
    String user = stand.world().postgres().user();
    String password = stand.world().postgres().password();
    stand.world().postgres().execute("alter role " + user + " password 'another'");
    try {
      judged(Cause.INFRASTRUCTURE, Detail.CREDENTIALS);
      keptUpFor(Duration.ofSeconds(6), Reads.LIVE);
      assertThat(status().lastClimb()).isNotNull();
      assertThat(status().verdict().toString()).doesNotContain(password);
    } finally {
      stand.world().postgres().execute("alter role " + user + " password '" + password + "'");
    }
    healthy();
  }

  @Test
  void missingTableIsTheApplicationsFault() throws IOException {
    healthy();
    stand.world().postgres().execute("alter table orders rename to orders_away");
    try {
      Verdict verdict = judged(Cause.APPLICATION, Detail.SCHEMA);
      assertThat(verdict.owner()).isEqualTo("development");
      assertThat(status().breaker()).isNotEqualTo(BreakerState.OPEN);
      assertThat(stand.gateway().posture().mode()).isEqualTo(ServiceMode.FULL);
      assertThat(caller.get("/health/ready").status()).isEqualTo(200);
      assertThat(DiagnoseProcess.run(stand.routes())).isEqualTo(11);
    } finally {
      stand.world().postgres().execute("alter table orders_away rename to orders");
    }
    healthy();
  }

  @Test
  void aHealthRouteThatHangsOnTheDatabaseIsNoFaultOfTheApplication() {
    healthy();
    // The other way round the backend would hang on a database that is well, for a moment.
    stand.world().postgres().kill();
    stand.world().databaseProxy().mode(Mode.BLACK_HOLE);
    judged(Cause.INFRASTRUCTURE, Detail.SERVER_REFUSING);
    open();
    keptUpFor(Duration.ofSeconds(8), Reads.STORED);
    assertThat(backend().verdict().cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(backend().breaker()).isEqualTo(BreakerState.CLOSED);
    stand.world().databaseProxy().mode(Mode.PASS);
    stand.world().postgres().restart();
    healthy();
  }

  @Test
  void connectionsThatTheApplicationHoldsAreItsFault() {
    String database = stand.world().postgres().database();
    full("tenant", database, Cause.APPLICATION, Detail.CONNECTIONS_EXHAUSTED_BY_APP);
  }

  @Test
  void connectionsThatOthersHoldAreTheInfrastructures() {
    full("stranger", "postgres", Cause.INFRASTRUCTURE, Detail.CONNECTIONS_EXHAUSTED);
  }

  /**
   * Gives the backend's pool more than one connection, for reads beside its health probe. It is
   * asked itself: the gateway would ask it once for all who want the same.
   */
  private static void warm() {
    Caller direct = new Caller(() -> stand.world().backendPort());
    ExecutorService readers = Executors.newFixedThreadPool(8);
    try {
      await("a warm pool")
          .atMost(Duration.ofSeconds(20))
          .until(() -> read(direct, readers) && stand.world().backend().poolSize() >= 4);
    } finally {
      readers.shutdownNow();
    }
  }

  private static boolean read(Caller caller, ExecutorService readers) throws Exception {
    List<Callable<Answer>> reads = Collections.nCopies(64, () -> caller.get("/api/orders"));
    for (Future<Answer> read : readers.invokeAll(reads)) {
      assertThat(read.get().status()).isEqualTo(200);
    }
    return true;
  }

  /** The slots are taken, but the backend's warm pool serves on: nothing may be cut. */
  private static void full(String role, String database, Cause cause, Detail detail) {
    healthy();
    warm();
    stand.world().postgres().execute("create role " + role + " login password 'none'");
    try (HeldSessions held = new HeldSessions(stand.world().postgres().port(), role, database)) {
      held.take(30);
      await("they are seen")
          .atMost(Duration.ofSeconds(20))
          .until(() -> String.valueOf(status().lastClimb()).contains(" 30 by "));
      await(cause + " " + detail)
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                held.take(100);
                assertThat(status().verdict())
                    .matches(v -> v.cause() == cause && v.detail() == detail);
              });
      keptUpFor(Duration.ofSeconds(8), Reads.LIVE);
      assertThat(status().breaker()).isEqualTo(BreakerState.CLOSED);
    }
    healthy();
  }

  @Test
  void readOnlyServerTakesReadsAndHoldsWrites() {
    healthy();
    String user = stand.world().postgres().user();
    stand
        .world()
        .postgres()
        .execute("alter role " + user + " set default_transaction_read_only = on");
    String monitor;
    try {
      judged(Cause.INFRASTRUCTURE, Detail.READ_ONLY_NODE);
      keptUp(Reads.LIVE);
      monitor = held();
    } finally {
      stand
          .world()
          .postgres()
          .execute("alter role " + user + " reset default_transaction_read_only");
      endSessions();
    }
    released(monitor);
    healthy();
  }

  private static BackendStatus backend() {
    return Objects.requireNonNull(stand.gateway().posture().backends().get("orders"));
  }

  @Test
  void deadBackendIsTheApplicationsFault() {
    healthy();
    stand.world().stopBackend();
    await("app-down")
        .atMost(Duration.ofSeconds(20))
        .until(() -> backend().verdict().detail() == Detail.APP_DOWN);
    assertThat(caller.get("/health/orders").status()).isEqualTo(503);
    assertThat(caller.get("/api/orders").status()).as("a stored copy").isEqualTo(200);
    stand.world().restartBackend();
    healthy();
  }

  @Test
  void refusedByTheProxyAlone() {
    healthy();
    stand.world().databaseProxy().mode(Mode.REFUSE);
    await("the backend says so")
        .atMost(Duration.ofSeconds(20))
        .until(() -> backend().verdict().detail() == Detail.BACKEND_PATH);
    assertThat(backend().verdict().cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(backend().verdict().owner()).isEqualTo("infrastructure");
    assertThat(backend().verdict().sentence()).contains("Said by the backend", "db: ");
    assertThat(status().verdict().cause()).as("seen by the probe").isEqualTo(Cause.NONE);
    assertThat(caller.get("/health/orders").body()).startsWith("{\"status\":\"warn\"");
    stand.world().databaseProxy().mode(Mode.PASS);
    healthy();
  }

  @Test
  void aDiagnosisOfWhatIsWellIsZero() throws IOException {
    healthy();
    CommandProcess.Ended ended =
        CommandProcess.run(Map.of(), List.of("diagnose", "--config", stand.routes().toString()));
    assertThat(ended.exit()).as(ended.output()).isZero();
  }
}
