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
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real agent beside the backend, whose way to the database is not the gateway's. */
@Timeout(120)
class AgentTest {
  private static final String TOKEN = "an-agents-token-of-the-test";
  private static final AtomicReference<FaultProxy> GATEWAYS_WAY = new AtomicReference<>();
  private static Stand stand;
  private static RunProcess agent;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    stand = Stand.start(0, 0, AgentTest::apart);
    Path routes =
        Files.writeString(
            folder.resolve("agent.yaml"),
            """
            environment: test
            admin: { agent-token: "%s" }
            dependencies:
              - { id: orders-db, type: postgresql, url: "%s", full-query: "select 1 from orders limit 1" }
            """
                .formatted(TOKEN, stand.world().databaseUrl()));
    agent =
        RunProcess.start(
            RunProcess.classes(),
            List.of(),
            "agent",
            "--config",
            routes.toString(),
            "--report-to",
            "http://127.0.0.1:" + stand.gateway().adminPort(),
            "--name",
            "beside-orders");
  }

  @BeforeEach
  void wellInBothViews() {
    stand.world().databaseProxy().mode(Mode.PASS);
    GATEWAYS_WAY.get().mode(Mode.PASS);
    await("both views well")
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                database().besideClimb() != null
                    && database().verdict().detail() == Detail.HEALTHY
                    && database().breaker() == BreakerState.CLOSED);
  }

  /** The gateway seems to stand elsewhere, and its probes have a way of their own. */
  private static String apart(DemoWorld world, String text) {
    GATEWAYS_WAY.set(FaultProxy.start("127.0.0.1", world.postgres().port()));
    return text.replace(
            "http://127.0.0.1:" + world.backendPort(),
            "http://[::ffff:127.0.0.1]:" + world.backendPort())
        .replace(world.databaseUrl(), world.postgres().url(GATEWAYS_WAY.get().port()))
        .replaceFirst("token: \"", "agent-token: \"" + TOKEN + "\", token: \"");
  }

  @AfterAll
  static void stop() {
    agent.close();
    stand.close();
    GATEWAYS_WAY.get().close();
  }

  private static DependencyStatus database() {
    return Objects.requireNonNull(stand.gateway().posture().dependencies().get("orders-db"));
  }

  @Test
  void onlyTheBackendsWayIsCut() {
    stand.world().databaseProxy().mode(Mode.REFUSE);
    await("the agent's word")
        .atMost(Duration.ofSeconds(20))
        .until(() -> database().verdict().detail() == Detail.BACKEND_PATH);
    assertThat(database().verdict().cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(database().verdict().sentence())
        .startsWith("orders-db answers here in ")
        .contains("beside the backend it does not", "Seen by the agent: orders-db, tcp failed");
    await("no request goes where it must fail")
        .atMost(Duration.ofSeconds(20))
        .until(() -> database().breaker() == BreakerState.OPEN);
  }

  @Test
  void onlyTheGatewaysWayIsCutAndNobodyIsRefused() {
    Caller caller = new Caller(() -> stand.gateway().port());
    GATEWAYS_WAY.get().mode(Mode.REFUSE);
    await("the gateway's own trouble")
        .atMost(Duration.ofSeconds(20))
        .until(() -> database().verdict().detail() == Detail.GATEWAY_VIEW);
    assertThat(database().verdict().sentence())
        .startsWith("Beside the backend orders-db answers in ")
        .contains("Only this gateway cannot reach it.");
    // No traffic for longer than a success of live requests would count.
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(12));
    assertThat(database().breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(caller.get("/api/orders").status()).isEqualTo(200);
  }

  private static HttpResponse<String> post(String path, String token, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stand.gateway().adminPort() + path))
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(5))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void reportsAreTakenFromAgentsAloneAndAgentsMayDoNothingElse() throws Exception {
    String report =
        "{\"agent\": \"a\", \"climbs\": [{\"target\": \"elsewhere\", \"samples\":"
            + " [{\"rung\": \"tcp\", \"ok\": true, \"millis\": 1}]}]}";
    assertThat(post("/-/samples", "a-token-of-nobody", report).statusCode()).isEqualTo(401);
    assertThat(post("/-/passthrough", TOKEN, "").statusCode()).isEqualTo(401);
    assertThat(post("/-/samples", TOKEN, report).body())
        .isEqualTo("{\"taken\":0,\"unknown\":[\"elsewhere\"]}");
    assertThat(post("/-/samples", stand.world().adminToken(), report).statusCode()).isEqualTo(200);
    HttpResponse<String> broken = post("/-/samples", TOKEN, report.replace("tcp", "up"));
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(broken.body()).contains("climbs[0].samples[0].rung is no rung");
    assertThat(post("/-/samples", TOKEN, " ".repeat(70_000)).statusCode()).isEqualTo(413);
  }
}
