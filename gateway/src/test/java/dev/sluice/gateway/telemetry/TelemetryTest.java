package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.sluice.config.Backend;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Origin;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.proxy.ExchangeObserver.Tried;
import dev.sluice.gateway.proxy.upstream.UpstreamFigures;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.Posture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
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

  private static final Origin ORIGIN =
      new Origin() {
        @Override
        public String traceId() {
          return "0af7651916cd43dd8448eb211c80319c";
        }

        @Override
        public String client() {
          return "2001:db8::1";
        }

        @Override
        public String pattern() {
          return "/api/**";
        }

        @Override
        public boolean secure() {
          return true;
        }

        @Override
        public int version() {
          return 2;
        }

        @Override
        public String recordedTrace() {
          return traceId();
        }
      };

  @Test
  void onCloudRunItsRevisionIsShown() {
    try (Telemetry telemetry = new Telemetry()) {
      telemetry.placed(Map.of());
      assertThat(text(telemetry)).doesNotContain("sluice_instance");
      telemetry.placed(Map.of("service", "orders", "revision", "orders-00042"));
      assertThat(text(telemetry))
          .contains("sluice_instance{revision=\"orders-00042\",service=\"orders\"} 1.0");
    }
  }

  @Test
  void everyDocumentedNameIsScraped() {
    try (Telemetry telemetry = new Telemetry()) {
      Posture outage = Postures.outage();
      telemetry.request(ended("orders-read", Outcome.STORED_COPY, "GET", 200));
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
      assertThat(text(telemetry))
          .contains(
              "sluice_upstream_connections{backend=\"orders\",state=\"open\"} 5.0",
              "sluice_upstream_connections{backend=\"orders\",state=\"idle\"} 3.0",
              "sluice_upstream_connects_total{backend=\"orders\"} 70.0",
              "sluice_upstream_connect_failures_total{backend=\"orders\"} 6.0",
              "sluice_upstream_ejections_total{backend=\"orders\"} 2.0",
              "sluice_upstream_ejected{address=\"10.0.0.7:80\",backend=\"orders\"} 1.0",
              "sluice_upstream_ejected{address=\"10.0.0.8:80\",backend=\"orders\"} 0.0",
              "http_server_request_duration_seconds_count{error_type=\"\",http_request_method=\"GET\",http_response_status_code=\"200\",http_route=\"/api/**\",network_protocol_version=\"2\",outcome=\"stored-copy\",route=\"orders-read\",url_scheme=\"https\"} 1",
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
              "jvm_memory_used_bytes{",
              "jvm_thread_count_threads{",
              "jvm_cpu_time_seconds_total ");
    }
  }

  private static String text(Telemetry telemetry) {
    return new String(telemetry.scrape(null).body(), StandardCharsets.UTF_8);
  }

  private static Ended ended(String route, Outcome outcome, String method, int status) {
    return new Ended("id", ORIGIN, route, outcome, method, "/api/x", status, 30_000_000);
  }

  @Test
  void requestsAreCountedByOpenTelemetrysAttributes() {
    try (Telemetry telemetry = new Telemetry()) {
      for (int status : new int[] {200, 204, 200, 503, 0, 99, 600}) {
        telemetry.request(ended("a", Outcome.FORWARDED, "GET", status));
      }
      telemetry.request(ended("a", Outcome.CLIENT_GONE, "POST", 0));
      telemetry.request(ended("a", Outcome.UPSTREAM_FAILED, "POST", 200));
      telemetry.request(ended("a", Outcome.REJECTED, "BREW", 404));
      telemetry.request(ended("a", Outcome.REJECTED, "FOAM", 404));
      String text = text(telemetry);
      assertThat(text)
          .contains(
              counted("", "GET", "200", "forwarded", 2),
              counted("", "GET", "204", "forwarded", 1),
              counted("503", "GET", "503", "forwarded", 1),
              counted("", "GET", "", "forwarded", 3),
              counted("client-gone", "POST", "", "client-gone", 1),
              counted("upstream-failed", "POST", "200", "upstream-failed", 1),
              counted("", "_OTHER", "404", "rejected", 2))
          .contains("url_scheme=\"https\",le=\"0.025\"} 0")
          .contains("url_scheme=\"https\",le=\"0.05\"} 2");
    }
  }

  private static String counted(
      String error, String method, String status, String outcome, int count) {
    return ("http_server_request_duration_seconds_count{error_type=\"%s\",http_request_method=\"%s\","
            + "http_response_status_code=\"%s\",http_route=\"/api/**\",network_protocol_version=\"2\","
            + "outcome=\"%s\",route=\"a\",url_scheme=\"https\"} %d\n")
        .formatted(error, method, status, outcome, count);
  }

  @Test
  void triesAreCountedByHowTheyEnded() {
    Backend backend = Postures.configuration().backends().get(0);
    try (Telemetry telemetry = new Telemetry()) {
      telemetry.tried(new Tried(ORIGIN, backend, "GET", 200, null, 30_000_000));
      telemetry.tried(new Tried(ORIGIN, backend, "GET", 404, null, 30_000_000));
      telemetry.tried(new Tried(ORIGIN, backend, "GET", 0, Failure.TIMEOUT, 2_000_000_000));
      telemetry.tried(new Tried(ORIGIN, backend, "GET", 0, Failure.TIMEOUT, 2_000_000_000));
      assertThat(text(telemetry))
          .contains(
              tries(backend, "", "200", 1),
              tries(backend, "404", "404", 1),
              tries(backend, "timeout", "", 2));
    }
  }

  private static String tries(Backend backend, String error, String status, int count) {
    return ("http_client_request_duration_seconds_count{backend=\"%s\",error_type=\"%s\","
            + "http_request_method=\"GET\",http_response_status_code=\"%s\",server_address=\"%s\",server_port=\"%d\"} %d\n")
        .formatted(
            backend.id(), error, status, backend.address().host(), backend.address().port(), count);
  }

  @Test
  void aScraperIsAnsweredInTheFormatThatItAsksFor() {
    try (Telemetry telemetry = new Telemetry()) {
      telemetry.request(ended("a", Outcome.FORWARDED, "GET", 200));
      assertThat(telemetry.scrape(null).contentType()).startsWith("text/plain; version=0.0.4");
      Scrape open = telemetry.scrape("application/openmetrics-text; version=1.0.0");
      assertThat(open.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
      assertThat(new String(open.body(), StandardCharsets.UTF_8))
          .contains("# {trace_id=\"0af7651916cd43dd8448eb211c80319c\"} 0.03")
          .endsWith("# EOF\n");
      Scrape bytes =
          telemetry.scrape(
              "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited");
      assertThat(bytes.contentType()).startsWith("application/vnd.google.protobuf");
      assertThat(bytes.body()).isNotEmpty();
    }
  }

  @Test
  void theSameNumbersArePushed() {
    SimpleMeterRegistry pushed = new SimpleMeterRegistry();
    try (Telemetry telemetry = new Telemetry(pushed)) {
      telemetry.request(ended("a", Outcome.FORWARDED, "GET", 200));
      telemetry.copyServed("a");
      assertThat(pushed.get("http.server.request.duration").tag("route", "a").timer().count())
          .isOne();
      assertThat(pushed.get("sluice.copies.served").counter().count()).isEqualTo(1);
      assertThat(text(telemetry)).contains("sluice_copies_served_total{route=\"a\"} 1.0");
    }
    assertThat(pushed.isClosed()).isTrue();
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
      assertThat(text(telemetry)).contains("10.0.0.7:80");
      addresses.set(Map.of("10.0.0.8:80", false));
      assertThat(text(telemetry))
          .contains("sluice_upstream_ejected{address=\"10.0.0.8:80\"")
          .doesNotContain("10.0.0.7:80");
    }
  }
}
