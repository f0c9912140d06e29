package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Caller.Answer;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** Each fault of the database gets its cause and detail, and the service stays up under it. */
@Timeout(90)
class FaultsTest {
  private static Stand stand;
  private static Caller caller;

  /** The probe goes to the server itself, so that a dead one refuses; the backend by the proxy. */
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
                    .replace("full-interval: 10s", "full-interval: 1s"));
    caller = new Caller(() -> stand.gateway().port());
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
                    && status().breaker() != BreakerState.OPEN
                    && caller.get("/health/orders").status() == 200
                    && caller.get("/api/orders").header("cache-status").isEmpty());
    assertThat(caller.get("/api/orders").status()).isEqualTo(200);
  }

  private static DependencyStatus status() {
    return Objects.requireNonNull(stand.gateway().posture().dependencies().get("orders-db"));
  }

  private static Verdict judged(Cause cause, Detail detail) {
    await(cause + " " + detail)
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> status().verdict(),
            verdict -> verdict.cause() == cause && verdict.detail() == detail);
    Verdict verdict = status().verdict();
    assertThat(verdict.evidence()).isNotEmpty();
    assertThat(verdict.remedy()).isNotBlank();
    return verdict;
  }

  private static void keptUp() {
    assertThat(caller.get("/health/ready").status()).isEqualTo(200);
    assertThat(caller.get("/health/live").status()).isEqualTo(200);
    assertThat(caller.get("/health/orders").status()).isEqualTo(200);
    Answer read = caller.get("/api/orders");
    assertThat(read.status()).as(read.toString()).isEqualTo(200);
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
  void killedServerRefuses() {
    healthy();
    stand.world().postgres().kill();
    judged(Cause.INFRASTRUCTURE, Detail.SERVER_REFUSING);
    open();
    keptUp();
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
    keptUp();
    String monitor = held();
    stand.world().postgres().thaw();
    released(monitor);
    healthy();
  }

  @Test
  void wrongPasswordIsNamedAndCutsNoTraffic() {
    healthy();
    String user = stand.world().postgres().user();
    String password = stand.world().postgres().password();
    stand.world().postgres().execute("alter role " + user + " password 'another'");
    judged(Cause.INFRASTRUCTURE, Detail.CREDENTIALS);
    keptUp();
    assertThat(status().lastClimb()).isNotNull();
    assertThat(status().verdict().toString()).doesNotContain(password);
    stand.world().postgres().execute("alter role " + user + " password '" + password + "'");
    healthy();
  }

  @Test
  void missingTableIsTheApplicationsFault() {
    healthy();
    stand.world().postgres().execute("alter table orders rename to orders_away");
    Verdict verdict = judged(Cause.APPLICATION, Detail.SCHEMA);
    assertThat(verdict.owner()).isEqualTo("development");
    assertThat(status().breaker()).isNotEqualTo(BreakerState.OPEN);
    assertThat(stand.gateway().posture().mode()).isEqualTo(ServiceMode.FULL);
    assertThat(caller.get("/health/ready").status()).isEqualTo(200);
    stand.world().postgres().execute("alter table orders_away rename to orders");
    healthy();
  }

  @Test
  void tooManyConnectionsAreNamed() {
    healthy();
    List<Connection> taken = takeAll();
    try {
      // Taken faster than anyone counted: who holds them is not known, and nobody is blamed.
      judged(Cause.UNKNOWN, Detail.CAPACITY);
      keptUp();
    } finally {
      taken.forEach(connection -> Mono.from(connection.close()).block(Duration.ofSeconds(5)));
    }
    healthy();
  }

  private static List<Connection> takeAll() {
    var factory = ConnectionFactories.get(r2dbc(stand.world().postgres().url()));
    List<Connection> taken = new ArrayList<>();
    while (taken.size() < 500) {
      try {
        taken.add(Mono.<Connection>from(factory.create()).block(Duration.ofSeconds(5)));
      } catch (R2dbcException full) {
        assertThat(full.getSqlState()).isEqualTo("53300");
        return taken;
      }
    }
    throw new AssertionError("the server takes more than 500 connections");
  }

  private static String r2dbc(String url) {
    return url.startsWith("r2dbc:") ? url : "r2dbc:" + url;
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
      keptUp();
      assertThat(caller.get("/api/orders").header("cache-status")).isEmpty();
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

  @Test
  void deadBackendIsTheApplicationsFault() {
    healthy();
    stand.world().stopBackend();
    await("app-down")
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                Objects.requireNonNull(stand.gateway().posture().backends().get("orders"))
                        .verdict()
                        .detail()
                    == Detail.APP_DOWN);
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
        .until(() -> caller.get("/health/orders").body().startsWith("{\"status\":\"warn\""));
    assertThat(status().verdict().cause()).as("seen by the probe").isNotEqualTo(Cause.APPLICATION);
    stand.world().databaseProxy().mode(Mode.PASS);
    healthy();
  }
}
