package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.ServiceMode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Prometheus reads of a gateway that went through an outage. */
@Timeout(120)
class MetricsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String ORDERS = "/api/orders";
  private static final String REQUESTS =
      "http_server_request_duration_seconds_count{error_type=\"\",http_request_method=\"%s\","
          + "http_response_status_code=\"%d\",http_route=\"/api/orders\",network_protocol_version=\"1.1\","
          + "outcome=\"%s\",route=\"%s\",url_scheme=\"http\"}";

  private static String scrape(Stand stand) {
    Caller.Answer answer = new Caller(() -> stand.gateway().adminPort()).get("/metrics");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type").orElse("")).startsWith("text/plain; version=0.0.4");
    assertThat(answer.body().lines().filter(line -> line.startsWith("# HELP sluice_")))
        .isNotEmpty()
        .allMatch(line -> line.split(" ", 4).length == 4 && !line.split(" ", 4)[3].isBlank());
    return answer.body();
  }

  /** The value of the one line that begins so; -1 where there is none. */
  private static double value(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .reduce(-1.0, (before, next) -> before < 0 ? next : before + next);
  }

  private static void holds(String metrics, String name, double least) {
    assertThat(value(metrics, name)).as(name).isGreaterThanOrEqualTo(least);
  }

  private static void mode(Stand stand, ServiceMode mode) {
    await(mode.label()).atMost(PATIENCE).until(() -> stand.gateway().posture().mode() == mode);
  }

  @Test
  void everyMeterTellsItsPartOfTheStory() {
    try (Stand stand =
        Stand.start(0, 0, (w, text) -> text.replace("full-interval: 10s", "full-interval: 1s"))) {
      Caller caller = new Caller(() -> stand.gateway().port());
      mode(stand, ServiceMode.FULL);
      await("a live read").atMost(PATIENCE).until(() -> caller.get(ORDERS).status() == 200);
      well(scrape(stand));
      stand.world().databaseProxy().mode(Mode.REFUSE);
      mode(stand, ServiceMode.DB_DEGRADED);
      assertThat(caller.get(ORDERS).header("cache-status").orElse("")).contains("hit");
      String order = "{\"item\":\"tea\",\"quantity\":1}";
      assertThat(caller.write("POST", ORDERS, order, Optional.empty()).status()).isEqualTo(202);
      await("it has waited for a moment")
          .atMost(PATIENCE)
          .until(() -> value(scrape(stand), "sluice_queue_oldest_seconds") > 0);
      outage(scrape(stand));
      stand.world().databaseProxy().mode(Mode.PASS);
      String replayed = "sluice_replays_total{route=\"orders-create\",state=\"succeeded\"}";
      await("released").atMost(PATIENCE).until(() -> value(scrape(stand), replayed) == 1);
      String after = scrape(stand);
      assertThat(value(after, "sluice_queue_depth{state=\"queued\"}")).isZero();
      assertThat(value(after, "sluice_queue_depth{state=\"succeeded\"}")).isEqualTo(1);
      assertThat(value(after, "sluice_queue_oldest_seconds")).isZero();
    }
  }

  private static void well(String metrics) {
    holds(metrics, REQUESTS.formatted("GET", 200, "forwarded", "orders-list"), 1);
    String tries = "http_client_request_duration_seconds_%s{backend=\"orders\",error_type=\"\"";
    holds(metrics, tries.formatted("count"), 1);
    holds(metrics, tries.formatted("sum"), 0.000001);
    for (String tier : new String[] {"connect", "query", "full"}) {
      String labels = "{result=\"ok\",target=\"orders-db\",tier=\"" + tier + "\"}";
      holds(metrics, "sluice_probe_seconds_count" + labels, 1);
    }
    assertThat(value(metrics, "sluice_breaker_state{id=\"orders-db\"}")).isZero();
    assertThat(value(metrics, "sluice_breaker_state{id=\"orders\"}")).isZero();
    assertThat(value(metrics, "sluice_verdict{cause=\"none\",subject=\"orders-db\"}")).isOne();
    assertThat(value(metrics, "sluice_mode{mode=\"full\"}")).isOne();
    assertThat(value(metrics, "sluice_queue_depth{state=\"queued\"}")).isZero();
  }

  private static void outage(String metrics) {
    holds(metrics, REQUESTS.formatted("GET", 200, "stored-copy", "orders-list"), 1);
    holds(metrics, REQUESTS.formatted("POST", 202, "queued", "orders-create"), 1);
    String failed = "{result=\"failed\",target=\"orders-db\",tier=\"connect\"}";
    holds(metrics, "sluice_probe_seconds_count" + failed, 3);
    assertThat(value(metrics, "sluice_breaker_state{id=\"orders-db\"}")).isEqualTo(2);
    String verdict = "sluice_verdict{cause=\"%s\",subject=\"orders-db\"}";
    assertThat(value(metrics, verdict.formatted("infrastructure"))).isOne();
    assertThat(value(metrics, verdict.formatted("none"))).isZero();
    assertThat(value(metrics, "sluice_mode{mode=\"full\"}")).isZero();
    assertThat(value(metrics, "sluice_mode{mode=\"db-degraded\"}")).isOne();
    holds(metrics, "sluice_mode_changes_total{to=\"db-degraded\"}", 1);
    holds(metrics, "sluice_copies_served_total{route=\"orders-list\"}", 1);
    assertThat(value(metrics, "sluice_writes_accepted_total{route=\"orders-create\"}")).isOne();
    assertThat(value(metrics, "sluice_queue_depth{state=\"queued\"}")).isOne();
  }
}
