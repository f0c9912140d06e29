package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.DemoWorld;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Real faults, told to a webhook, to a real Alertmanager, and seen by a real Prometheus: within
 * seconds, once, and their end once.
 */
@Tag("ops")
@Timeout(300)
class AlertsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration WITHIN = Duration.ofSeconds(20);
  private static final Path RULES = Path.of("../deploy/prometheus").toAbsolutePath().normalize();
  private static final String ALERTS =
      """
      alerts:
        receivers:
          - { id: hook, type: webhook, url: "%s", key: a-key-of-sixteen-letters }
          - { id: manager, type: alertmanager, url: "http://127.0.0.1:%d" }
        teams:
          - { id: infrastructure, receivers: [hook, manager] }
          - { id: development, receivers: [hook, manager] }
        resolve-after: 5s
        runbook: "https://runbooks.example/{detail}"
      breaker: { trial-climbs: 1, recovery: 500ms, learning: { mode: off } }
      """;

  @TempDir private Path folder;

  private Tool alertmanager(Receiver behind) throws IOException {
    Path file = folder.resolve("alertmanager.yaml");
    Files.writeString(
        file,
        """
        route: { receiver: all, group_by: [team], group_wait: 500ms, group_interval: 1s }
        receivers:
          - name: all
            webhook_configs: [ { url: "%s", send_resolved: true } ]
        """
            .formatted(behind.url()));
    return new Tool(
        List.of(
            "prometheus-alertmanager",
            "--config.file=" + file,
            "--storage.path=" + folder.resolve("alertmanager"),
            "--cluster.listen-address=",
            "--web.listen-address=127.0.0.1:0"));
  }

  private Tool prometheus(int adminPort) throws IOException {
    Path file = folder.resolve("prometheus.yaml");
    Files.writeString(
        file,
        """
        global: { scrape_interval: 1s, evaluation_interval: 1s }
        rule_files: [ "%s/sluice.rules.yaml" ]
        scrape_configs:
          - job_name: sluice
            static_configs: [ { targets: ["127.0.0.1:%d"] } ]
        """
            .formatted(RULES, adminPort));
    return new Tool(
        List.of(
            "prometheus",
            "--config.file=" + file,
            "--storage.tsdb.path=" + folder.resolve("prometheus"),
            "--web.listen-address=127.0.0.1:0"));
  }

  private static void full(Stand stand) {
    Caller caller = new Caller(() -> stand.gateway().port());
    await("mode full")
        .atMost(PATIENCE)
        .until(
            () ->
                stand.gateway().posture().mode() == ServiceMode.FULL
                    && stand.gateway().posture().headline().cause() == Cause.NONE
                    && caller.get("/api/orders").header("cache-status").isEmpty());
  }

  private static JsonNode admin(Stand stand, String path) {
    return JSON.readTree(new Caller(() -> stand.gateway().adminPort()).get(path).body());
  }

  @Test
  void eachFaultIsToldWithinSecondsAndItsEndOnce() throws IOException {
    try (Receiver hook = new Receiver();
        Receiver behind = new Receiver();
        Tool manager = alertmanager(behind);
        Stand stand =
            Stand.start(
                0, 0, (world, text) -> text + ALERTS.formatted(hook.url(), manager.port()));
        Tool prometheus = prometheus(stand.gateway().adminPort())) {
      full(stand);
      DemoWorld world = stand.world();
      List<Duration> took = new ArrayList<>();
      for (Mode fault : List.of(Mode.REFUSE, Mode.BLACK_HOLE, Mode.SILENT)) {
        took.add(outage(stand, hook, fault, took.size() + 1));
      }
      System.out.println("from fault to delivered alert: " + took);
      assertThat(took).allSatisfy(one -> assertThat(one).isLessThan(WITHIN));
      assertThat(hook.came).allSatisfy(AlertsTest::hasAllThatIsNeeded);
      assertThat(world.postgres().pids()).isNotEmpty();
      managed(behind);
      reported(stand);
      seen(prometheus, stand);
    }
  }

  /** From the fault to its end; how long it took until somebody was told. */
  private static Duration outage(Stand stand, Receiver hook, Mode fault, int number) {
    Instant began = Instant.now();
    stand.world().databaseProxy().mode(fault);
    Caller caller = new Caller(() -> stand.gateway().port());
    await("told of " + fault).atMost(PATIENCE).until(() -> hook.count("firing") == number);
    await("degraded")
        .atMost(PATIENCE)
        .until(() -> stand.gateway().posture().mode() != ServiceMode.FULL);
    caller.get("/api/orders");
    String order = "{\"item\":\"tea\",\"quantity\":1}";
    assertThat(caller.write("POST", "/api/orders", order, Optional.empty()).status())
        .isEqualTo(202);
    stand.world().databaseProxy().mode(Mode.PASS);
    await("told of its end").atMost(PATIENCE).until(() -> hook.count("resolved") == number);
    full(stand);
    assertThat(hook.count("firing")).isEqualTo(number);
    Receiver.Came told =
        hook.came.stream()
            .filter(one -> one.kind().equals("firing"))
            .skip(number - 1)
            .findFirst()
            .orElseThrow();
    return Duration.between(began, told.at());
  }

  private static void hasAllThatIsNeeded(Receiver.Came came) {
    JsonNode alert = came.json().path("alerts").path(0);
    assertThat(came.json().path("team").asString()).isEqualTo("infrastructure");
    assertThat(alert.path("cause").asString()).isEqualTo("INFRASTRUCTURE");
    assertThat(alert.path("sentence").asString()).isNotBlank();
    assertThat(alert.path("evidence")).isNotEmpty();
    assertThat(alert.path("remedy").asString()).isNotBlank();
    assertThat(alert.path("routes")).isNotEmpty();
    assertThat(alert.path("runbook").asString())
        .isEqualTo("https://runbooks.example/" + alert.path("detail").asString());
  }

  /** Alertmanager tells of each outage and of its end. */
  private static void managed(Receiver behind) {
    await("alertmanager's last word")
        .atMost(PATIENCE)
        .until(() -> statuses(behind, "resolved") >= 3);
    assertThat(statuses(behind, "firing")).isGreaterThanOrEqualTo(3);
  }

  private static long statuses(Receiver behind, String status) {
    return behind.came.stream()
        .flatMap(one -> one.json().path("alerts").valueStream())
        .filter(alert -> alert.path("status").asString("").equals(status))
        .map(alert -> alert.path("labels").path("incident").asString(""))
        .distinct()
        .count();
  }

  private static void reported(Stand stand) {
    JsonNode ended = admin(stand, "/outages").path("ended");
    assertThat(ended).hasSize(3);
    assertThat(ended.path(0).path("served").path("held").asInt()).isPositive();
    String id = ended.path(0).path("id").asString();
    assertThat(admin(stand, "/outages/" + id).path("timeline").size()).isGreaterThan(3);
    String text =
        new Caller(() -> stand.gateway().adminPort()).get("/outages/" + id + ".md").body();
    System.out.println(text);
    assertThat(text)
        .contains("# Outage " + id, "The application is exonerated by", "Breaker orders-db open")
        .contains("| writes held (202) | 1 |", "## Timeline");
  }

  /** Prometheus scrapes it, and its rules fire. */
  private static void seen(Tool prometheus, Stand stand) {
    Caller asker = new Caller(prometheus::port);
    stand.world().databaseProxy().mode(Mode.REFUSE);
    await("prometheus's rule fires")
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                JSON.readTree(asker.get("/api/v1/alerts").body())
                    .path("data")
                    .path("alerts")
                    .valueStream()
                    .anyMatch(AlertsTest::fires));
    stand.world().databaseProxy().mode(Mode.PASS);
  }

  private static boolean fires(JsonNode alert) {
    return alert.path("state").asString("").equals("firing")
        && alert.path("labels").path("alertname").asString("").equals("SluiceDatabaseDegraded");
  }

  @Test
  void promtoolFindsNothingToMend() throws Exception {
    try (Stand stand = Stand.start(0, 0, (world, text) -> text)) {
      full(stand);
      String metrics = new Caller(() -> stand.gateway().adminPort()).get("/metrics").body();
      Path file = Files.writeString(folder.resolve("metrics.txt"), metrics);
      assertThat(promtool(file.toFile(), "check", "metrics")).isEmpty();
    }
    Path tests = RULES.resolve("sluice_test.yaml");
    assertThat(promtool(null, "test", "rules", tests.toString())).contains("SUCCESS");
    assertThat(promtool(null, "check", "rules", RULES.resolve("sluice.rules.yaml").toString()))
        .contains("SUCCESS");
  }

  private static String promtool(File input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (input != null) {
      builder.redirectInput(input);
    }
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
