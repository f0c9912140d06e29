package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.FaultProxy;
import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.DemoWorld;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.verdict.Detail;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Only the gateway's own way to the database is cut, for minutes and under load: nobody is refused,
 * and no write is held. How long: {@code -Dsoak.seconds}.
 */
@Tag("soak")
class OwnWayTest {
  private static final Duration LONG = Duration.ofSeconds(Integer.getInteger("soak.seconds", 120));
  private final AtomicReference<FaultProxy> gatewaysWay = new AtomicReference<>();

  private String apart(DemoWorld world, String text) {
    gatewaysWay.set(FaultProxy.start("127.0.0.1", world.postgres().port()));
    return text.replace(
            "http://127.0.0.1:" + world.backendPort(),
            "http://[::ffff:127.0.0.1]:" + world.backendPort())
        .replace(world.databaseUrl(), world.postgres().url(gatewaysWay.get().port()));
  }

  private static DependencyStatus database(Stand stand) {
    return Objects.requireNonNull(stand.gateway().posture().dependencies().get("orders-db"));
  }

  @Test
  void nobodyIsRefused() {
    try (Stand stand = Stand.start(0, 0, this::apart)) {
      Caller caller = new Caller(() -> stand.gateway().port());
      await("live reads")
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  caller.get("/api/orders").status() == 200
                      && database(stand).verdict().detail() == Detail.HEALTHY);
      gatewaysWay.get().mode(Mode.BLACK_HOLE);
      Map<String, Integer> outcomes = load(stand, caller);
      System.out.println("own way cut for " + LONG.toSeconds() + " s: " + outcomes);
      assertThat(outcomes).containsOnlyKeys("GET 200 fresh", "POST 201");
      assertThat(database(stand).verdict().detail()).isEqualTo(Detail.GATEWAY_VIEW);
      assertThat(caller.get("/api/orders").status()).isEqualTo(200);
    } finally {
      gatewaysWay.get().close();
    }
  }

  private static Map<String, Integer> load(Stand stand, Caller caller) {
    Map<String, Integer> outcomes = new TreeMap<>();
    long end = System.nanoTime() + LONG.toNanos();
    for (int i = 0; System.nanoTime() < end; i++) {
      String seen = i % 10 == 0 ? written(caller) : read(caller);
      outcomes.merge(seen, 1, Integer::sum);
      assertThat(database(stand).breaker()).as(seen).isEqualTo(BreakerState.CLOSED);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return outcomes;
  }

  private static String read(Caller caller) {
    Caller.Answer answer = caller.get("/api/orders");
    String stored = answer.header("cache-status").isEmpty() ? "fresh" : "stored";
    return "GET " + answer.status() + " " + stored;
  }

  private static String written(Caller caller) {
    return "POST "
        + caller
            .write("POST", "/api/orders", "{\"item\":\"tea\",\"quantity\":1}", Optional.empty())
            .status();
  }
}
