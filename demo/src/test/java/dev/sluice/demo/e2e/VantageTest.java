package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.FaultProxy;
import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.DemoWorld;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the backend meets and the gateway does not, told by the backend itself. */
@Timeout(90)
class VantageTest {
  private static BackendStatus orders(Stand stand) {
    return Objects.requireNonNull(stand.gateway().posture().backends().get("orders"));
  }

  /** The gateway seems to stand elsewhere, and its probes have a way of their own. */
  private static Stand apart(AtomicReference<FaultProxy> probes, UnaryOperator<String> edit) {
    return Stand.start(
        0,
        0,
        (world, text) -> {
          probes.set(FaultProxy.start("127.0.0.1", world.postgres().port()));
          return edit.apply(elsewhere(world, text))
              .replace(world.databaseUrl(), world.postgres().url(probes.get().port()));
        });
  }

  private static String elsewhere(DemoWorld world, String text) {
    return text.replace(
        "http://127.0.0.1:" + world.backendPort(),
        "http://[::ffff:127.0.0.1]:" + world.backendPort());
  }

  @Test
  void answersAloneTellThatTheBackendsWayIsBroken() {
    AtomicReference<FaultProxy> probes = new AtomicReference<>();
    try (Stand stand =
        apart(
            probes,
            text ->
                text.replaceAll("(?m)^ +(health|metrics): \\{ path.*\\n", "")
                    .replaceAll("(?m)^ +- \\{ id: orders-health.*\\n", ""))) {
      Caller caller = new Caller(() -> stand.gateway().port());
      await("live reads")
          .atMost(Duration.ofSeconds(30))
          .until(() -> caller.get("/api/orders").status() == 200);
      stand.world().databaseProxy().mode(Mode.REFUSE);
      await("the backend's word")
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                Caller.Answer read = caller.get("/api/orders");
                assertThat(read.header("sluice-evidence")).isEmpty();
                return orders(stand).verdict().detail() == Detail.BACKEND_PATH;
              });
      Verdict verdict = orders(stand).verdict();
      assertThat(verdict.cause()).isEqualTo(Cause.INFRASTRUCTURE);
      assertThat(verdict.sentence())
          .startsWith("orders-db answers here in ")
          .contains("from orders it does not", "its connect fails after");
      stand.world().databaseProxy().mode(Mode.PASS);
      await("well again")
          .atMost(Duration.ofSeconds(40))
          .until(
              () ->
                  caller.get("/api/orders").header("cache-status").isEmpty()
                      && orders(stand).verdict().detail() == Detail.HEALTHY);
    } finally {
      probes.get().close();
    }
  }

  @Test
  void aPoolThatLeaksIsTheApplications() {
    try (Stand stand = Stand.start(0, 0, (world, text) -> text)) {
      Caller caller = new Caller(() -> stand.gateway().port());
      await("live reads")
          .atMost(Duration.ofSeconds(30))
          .until(() -> caller.get("/api/orders").status() == 200);
      stand.world().backend().leak();
      await("the pool's figures")
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                caller.get("/api/orders");
                return orders(stand).verdict().detail() == Detail.POOL_EXHAUSTED;
              });
      assertThat(orders(stand).verdict().cause()).isEqualTo(Cause.APPLICATION);
      assertThat(orders(stand).verdict().owner()).isEqualTo("development");
    }
  }
}
