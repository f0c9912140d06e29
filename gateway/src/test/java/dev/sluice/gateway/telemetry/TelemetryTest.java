package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.proxy.upstream.UpstreamFigures;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.Posture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private enum State {
    QUEUED,
    DEAD
  }

  @Test
  void everyDocumentedNameIsScraped() {
    try (Telemetry telemetry = new Telemetry()) {
      Posture outage = Postures.outage();
      telemetry.request("orders-read", "stored", 200, 1_000_000);
      telemetry.upstream("orders", 2_000_000);
      telemetry.differed("orders-read", "serve-stored");
      telemetry.copyServed("orders-read");
      telemetry.writeAccepted("orders-write");
      telemetry.replayed("orders-write", "SUCCEEDED");
      telemetry.queue(State.class, () -> Map.of(State.QUEUED, 3L), () -> Duration.ofMillis(1500));
      telemetry.gauge("cache.bytes", () -> 42);
      telemetry.limit("orders", () -> 20, () -> 7, () -> 3, () -> 11L);
      var status = outage.dependencies().get("orders-db");
      telemetry.climbed(status.lastClimb(), status.verdict());
      telemetry.changed(Postures.healthy(), outage);
      telemetry.breaker(
          new Move("orders-db", BreakerState.CLOSED, BreakerState.OPEN, "failed climbs"));
      telemetry.upstreams(
          () ->
              List.of(
                  new UpstreamFigures(
                      "orders",
                      5,
                      3,
                      70,
                      6,
                      2,
                      Map.of("10.0.0.7:80", true, "10.0.0.8:80", false))));
      assertThat(telemetry.scrape())
          .contains(
              "sluice_upstream_connections{backend=\"orders\",state=\"open\"} 5.0",
              "sluice_upstream_connections{backend=\"orders\",state=\"idle\"} 3.0",
              "sluice_upstream_connects_total{backend=\"orders\"} 70.0",
              "sluice_upstream_connect_failures_total{backend=\"orders\"} 6.0",
              "sluice_upstream_ejections_total{backend=\"orders\"} 2.0",
              "sluice_upstream_ejected{address=\"10.0.0.7:80\",backend=\"orders\"} 1.0",
              "sluice_upstream_ejected{address=\"10.0.0.8:80\",backend=\"orders\"} 0.0",
              "sluice_requests_seconds_count{outcome=\"stored\",route=\"orders-read\",status=\"2xx\"} 1",
              "sluice_upstream_seconds_count{backend=\"orders\"} 1",
              "sluice_differed_total{decision=\"serve-stored\",route=\"orders-read\"} 1.0",
              "sluice_copies_served_total{route=\"orders-read\"} 1.0",
              "sluice_writes_accepted_total{route=\"orders-write\"} 1.0",
              "sluice_replays_total{route=\"orders-write\",state=\"succeeded\"} 1.0",
              "sluice_queue_depth{state=\"queued\"} 3.0",
              "sluice_queue_depth{state=\"dead\"} 0.0",
              "sluice_queue_oldest_seconds 1.5",
              "sluice_cache_bytes 42.0",
              "sluice_limit{backend=\"orders\"} 20.0",
              "sluice_limit_in_flight{backend=\"orders\"} 7.0",
              "sluice_limit_waiting{backend=\"orders\"} 3.0",
              "sluice_limit_shed_total{backend=\"orders\"} 11.0",
              "sluice_probe_seconds_count{result=\"failed\",target=\"orders-db\",tier=\"connect\"} 1",
              "sluice_mode{mode=\"db-degraded\"} 1.0",
              "sluice_mode_changes_total{to=\"db-degraded\"} 1.0",
              "sluice_verdict{cause=\"infrastructure\",subject=\"orders-db\"} 1.0",
              "sluice_breaker_state{id=\"orders-db\"} 2.0",
              "sluice_breaker_transitions_total{id=\"orders-db\",to=\"open\"} 1.0",
              "jvm_memory_used_bytes");
    }
  }

  @Test
  void requestsAreCountedByRouteOutcomeAndClass() {
    try (Telemetry telemetry = new Telemetry()) {
      for (int status : new int[] {200, 204, 503, 0, 99, 600}) {
        telemetry.request("a", "forwarded", status, 1);
      }
      telemetry.request("a", "rejected", 200, 1);
      telemetry.request("b", "forwarded", 200, 1);
      telemetry.upstream("orders", 1);
      telemetry.upstream("orders", 1);
      String count = "sluice_requests_seconds_count";
      assertThat(telemetry.scrape())
          .contains(
              count + "{outcome=\"forwarded\",route=\"a\",status=\"2xx\"} 2",
              count + "{outcome=\"forwarded\",route=\"a\",status=\"5xx\"} 1",
              count + "{outcome=\"forwarded\",route=\"a\",status=\"none\"} 3",
              count + "{outcome=\"rejected\",route=\"a\",status=\"2xx\"} 1",
              count + "{outcome=\"forwarded\",route=\"b\",status=\"2xx\"} 1",
              "sluice_upstream_seconds_count{backend=\"orders\"} 2");
    }
  }

  @Test
  void aLogLineIsOneJsonObject() {
    LoggingEvent line =
        new LoggingEvent(
            "x",
            new LoggerContext().getLogger("dev.sluice"),
            Level.WARN,
            "breaker of {} \"opened\"\nnow",
            new IllegalStateException("why"),
            new Object[] {"orders-db"});
    String text = new JsonLines().doLayout(line);
    assertThat(text)
        .startsWith(
            "{\"severity\":\"WARNING\",\"message\":\"breaker of orders-db \\\"opened\\\"\\nnow\",\"time\":\"")
        .contains("\"stack_trace\":\"java.lang.IllegalStateException: why")
        .endsWith("}\n");
    assertThat(text.strip()).doesNotContain("\n");
  }

  @Test
  void addressesThatAreGoneAreScrapedNoMore() {
    AtomicReference<Map<String, Boolean>> addresses =
        new AtomicReference<>(Map.of("10.0.0.7:80", true));
    try (Telemetry telemetry = new Telemetry()) {
      telemetry.upstreams(
          () -> List.of(new UpstreamFigures("orders", 0, 0, 0, 0, 0, addresses.get())));
      assertThat(telemetry.scrape()).contains("10.0.0.7:80");
      addresses.set(Map.of("10.0.0.8:80", false));
      assertThat(telemetry.scrape())
          .contains("sluice_upstream_ejected{address=\"10.0.0.8:80\"")
          .doesNotContain("10.0.0.7:80");
    }
  }
}
