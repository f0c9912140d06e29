package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.FaultProxy;
import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Faults of the way to the database, and of what the route file says about it. Each test has a
 * world of its own.
 */
@Timeout(90)
@Execution(ExecutionMode.CONCURRENT)
@Order(2)
@ResourceLock(value = Contended.PROCESSOR, mode = ResourceAccessMode.READ)
class PathFaultsTest {
  private static DependencyStatus status(Stand stand) {
    return Objects.requireNonNull(stand.gateway().posture().dependencies().get("orders-db"));
  }

  private static void judged(Stand stand, Cause cause, Detail detail) {
    Caller caller = new Caller(() -> stand.gateway().port());
    await(cause + " " + detail)
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              Caller.Answer health = caller.get("/health/orders");
              assertThat(health.status()).as("%s", health).isEqualTo(200);
              return status(stand).verdict();
            },
            verdict -> verdict.cause() == cause && verdict.detail() == detail);
  }

  private static void full(Stand stand) {
    await("mode full")
        .atMost(Duration.ofSeconds(40))
        .until(() -> stand.gateway().posture().mode() == ServiceMode.FULL);
  }

  private static void outage(Mode database, Mode control, Detail detail, ServiceMode mode) {
    try (Stand stand = Stand.start(0, 0, (world, text) -> text)) {
      Caller caller = new Caller(() -> stand.gateway().port());
      full(stand);
      await("the backend has made its tables")
          .atMost(Duration.ofSeconds(30))
          .until(() -> caller.get("/api/orders").status() == 200);
      await("the backend has said that it is healthy")
          .atMost(Duration.ofSeconds(30))
          .until(() -> caller.get("/health/orders").status() == 200);
      stand.world().databaseProxy().mode(database);
      stand.world().controlProxy().mode(control);
      judged(stand, Cause.INFRASTRUCTURE, detail);
      await("breaker open")
          .atMost(Duration.ofSeconds(20))
          .until(() -> status(stand).breaker() == BreakerState.OPEN);
      await("mode " + mode)
          .atMost(Duration.ofSeconds(5))
          .until(() -> stand.gateway().posture().mode() == mode);
      assertThat(caller.get("/health/ready").status()).isEqualTo(200);
      assertThat(caller.get("/health/orders").status()).isEqualTo(200);
      assertThat(caller.get("/api/orders").header("cache-status").orElse(""))
          .contains("sluice; hit");
      stand.world().databaseProxy().mode(Mode.PASS);
      stand.world().controlProxy().mode(Mode.PASS);
      full(stand);
    }
  }

  @Test
  void blackHoleOfThePathIsTheConnectors() {
    outage(Mode.BLACK_HOLE, Mode.BLACK_HOLE, Detail.VPC_PATH, ServiceMode.INFRA_FAILURE);
  }

  @Test
  void blackHoleOfTheDatabaseAloneIsTheInstances() {
    outage(Mode.BLACK_HOLE, Mode.PASS, Detail.INSTANCE_UNREACHABLE, ServiceMode.DB_DEGRADED);
  }

  @Test
  void refusedConnectionsAreTheServers() {
    outage(Mode.REFUSE, Mode.PASS, Detail.SERVER_REFUSING, ServiceMode.DB_DEGRADED);
  }

  @Test
  void silenceAfterAcceptIsTheServers() {
    outage(Mode.SILENT, Mode.PASS, Detail.SILENT_SERVER, ServiceMode.DB_DEGRADED);
  }

  @Test
  void resetAfterAcceptIsTheServers() {
    outage(Mode.RESET, Mode.PASS, Detail.SILENT_SERVER, ServiceMode.DB_DEGRADED);
  }

  @Test
  void missingDatabaseIsNamedAndCutsNoTraffic() {
    try (Stand stand =
        Stand.start(
            0,
            0,
            (world, text) ->
                text.replace(
                    "/" + world.postgres().database() + "\"\n    network",
                    "/nowhere\"\n    network"))) {
      Caller caller = new Caller(() -> stand.gateway().port());
      await("live traffic works")
          .atMost(Duration.ofSeconds(20))
          .until(() -> caller.get("/api/orders").status() == 200);
      await("missing database")
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                assertThat(caller.get("/api/orders").header("cache-status")).isEmpty();
                return status(stand).verdict().detail() == Detail.MISSING_DATABASE;
              });
      assertThat(status(stand).verdict().cause()).isEqualTo(Cause.INFRASTRUCTURE);
      assertThat(caller.get("/health/startup").status()).isEqualTo(503);
    }
  }

  @Test
  void aMissingTableKeepsAnUnprovenRevisionFromGoingLive() {
    try (Stand stand =
        Stand.start(
            0, 0, (world, text) -> text.replace("from orders limit", "from nowhere limit"))) {
      Caller caller = new Caller(() -> stand.gateway().port());
      await("schema")
          .atMost(Duration.ofSeconds(20))
          .until(() -> status(stand).verdict().detail() == Detail.SCHEMA);
      assertThat(status(stand).proven()).isTrue();
      assertThat(caller.get("/health/startup").status()).isEqualTo(503);
    }
  }

  /**
   * The backend's address is written so that nothing proves that the gateway shares its network;
   * the probe goes by a proxy of its own.
   */
  @Test
  void whatFailsForTheGatewayAloneNeverCutsTrafficThatWorks() {
    AtomicReference<FaultProxy> probes = new AtomicReference<>();
    try (Stand stand =
        Stand.start(
            0,
            0,
            (world, text) -> {
              probes.set(FaultProxy.start("127.0.0.1", world.postgres().port()));
              return text.replace(
                      "http://127.0.0.1:" + world.backendPort(),
                      "http://[::ffff:127.0.0.1]:" + world.backendPort())
                  .replace(world.databaseUrl(), world.postgres().url(probes.get().port()));
            })) {
      Caller caller = new Caller(() -> stand.gateway().port());
      full(stand);
      assertThat(caller.get("/api/orders").status()).isEqualTo(200);
      probes.get().mode(Mode.REFUSE);
      await("served live, for longer than a breaker takes to open")
          .during(Duration.ofSeconds(15))
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                Caller.Answer read = caller.get("/api/orders");
                assertThat(read.status()).isEqualTo(200);
                assertThat(read.header("cache-status")).isEmpty();
                return status(stand).breaker() == BreakerState.CLOSED;
              });
      assertThat(Objects.requireNonNull(status(stand).lastClimb()).vantage())
          .isEqualTo(Vantage.GATEWAY);
      assertThat(status(stand).lastClimb().ok()).isFalse();
      assertThat(status(stand).verdict().detail()).isEqualTo(Detail.GATEWAY_VIEW);
      assertThat(stand.gateway().posture().mode()).isEqualTo(ServiceMode.FULL);
    } finally {
      probes.get().close();
    }
  }
}
