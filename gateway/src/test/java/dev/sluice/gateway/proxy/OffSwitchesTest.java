package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Cause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mode observe and pass-through, in an outage of the database, with a whole gateway. */
class OffSwitchesTest {
  private static final String BEARER = "Authorization: Bearer " + GatewayRig.TOKEN;
  private static final String ORDER = "/api/orders/1";
  private static final String SERVED = "sluice_copies_served_total{route=\"orders-read\"}";
  private static final String QUEUED = "sluice_queue_depth{state=\"queued\"}";

  @TempDir Path folder;

  private static WireBackend.Script saying(String text) {
    return answering("200 OK", text);
  }

  /** Everything is answered so; the backend's own health stays good. */
  private static WireBackend.Script answering(String status, String text) {
    return answering(status, text, "200 OK");
  }

  private static WireBackend.Script answering(String status, String text, String health) {
    return (request, in, out) -> {
      WireBackend.body(request, in);
      boolean own = request.line().contains(" /own-health ");
      String answer = own ? WireBackend.answer(health, "{}") : WireBackend.answer(status, text);
      out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
      return true;
    };
  }

  private static void live(WireClient.Answer answer, int status, String text) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).isEqualTo(text);
    assertThat(answer.header("cache-status")).isNull();
  }

  private static void copy(WireClient.Answer answer, String text) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(text);
    assertThat(answer.header("cache-status")).contains("sluice; hit");
  }

  @Test
  void observeForwardsEverythingAndCountsAndLogsWhatItWouldHaveDone() throws IOException {
    try (GatewayRig rig = new GatewayRig("observe", folder, saying("before"));
        Logged log = new Logged("sluice.access");
        WireClient client = rig.client()) {
      live(client.get(ORDER), 200, "before");
      rig.outage();
      rig.backend.script(saying("meanwhile"));
      live(client.get(ORDER), 200, "meanwhile");
      live(client.ask("POST", "/api/orders/2", "x"), 200, "meanwhile");
      live(client.get("/api/other"), 200, "meanwhile");
      rig.backend.script(answering("500 Internal Server Error", "broken"));
      live(client.get(ORDER), 500, "broken");
      assertThat(rig.breaker()).as("still").isEqualTo(BreakerState.OPEN);

      assertThat(rig.asked(ORDER)).isEqualTo(3);
      assertThat(rig.asked("/api/orders/2")).isEqualTo(1);
      assertThat(rig.metric(QUEUED)).isEqualTo("0.0");
      assertThat(rig.metric(SERVED)).isNull();
      assertThat(rig.metric(differed("serve-stored", "orders-read"))).isEqualTo("2.0");
      assertThat(rig.metric(differed("enqueue", "orders-write"))).isEqualTo("1.0");
      assertThat(rig.metric(differed("reject", "plain"))).isEqualTo("1.0");
      assertThat(log.lines())
          .containsSubsequence(
              "route orders-read observes: serve-stored instead of forward",
              "route orders-write observes: enqueue instead of forward",
              "route plain observes: reject instead of forward",
              "route orders-read observes: serve-stored instead of forward");
    }
  }

  private static String differed(String decision, String route) {
    return "sluice_differed_total{decision=\"" + decision + "\",route=\"" + route + "\"}";
  }

  /** On one connection, so that nothing but the switch can have changed. */
  @Test
  void passThroughTakesEffectAtOnceBothWays() throws IOException {
    try (GatewayRig rig = new GatewayRig("enforce", folder, saying("before"));
        WireClient client = rig.client()) {
      live(client.get(ORDER), 200, "before");
      rig.outage();
      rig.backend.script(saying("meanwhile"));
      guarded(client);

      assertThat(rig.admin("POST", "/-/passthrough?on=true", "").status()).isEqualTo(401);
      guarded(client);
      assertThat(rig.admin("POST", "/-/passthrough?on=true", "", BEARER).status()).isEqualTo(200);
      live(client.get(ORDER), 200, "meanwhile");
      live(client.ask("POST", "/api/orders/2", "x"), 200, "meanwhile");
      live(client.get("/api/other"), 200, "meanwhile");
      rig.backend.script(answering("500 Internal Server Error", "broken"));
      live(client.get(ORDER), 500, "broken");
      assertThat(client.get("/health").text()).contains("pass-through");

      assertThat(rig.admin("POST", "/-/passthrough?on=false", "", BEARER).status()).isEqualTo(200);
      guarded(client);
      assertThat(rig.metric(QUEUED)).isEqualTo("3.0");
      assertThat(client.get("/health").text()).doesNotContain("pass-through");
    }
  }

  private static void guarded(WireClient client) throws IOException {
    copy(client.get(ORDER), "before");
    assertThat(client.ask("POST", ORDER, "x").status()).isEqualTo(202);
    assertThat(client.get("/api/other").status()).isEqualTo(503);
  }

  /**
   * The gateway's health path need not be one that the backend has: forwarded, it would answer 404
   * and have a healthy application restarted.
   */
  @ParameterizedTest
  @ValueSource(strings = {"observe", "passthrough"})
  void aHealthRouteIsAnsweredByTheGatewayAllTheSame(String off) throws IOException {
    String mode = off.equals("observe") ? "observe" : "enforce";
    try (GatewayRig rig = new GatewayRig(mode, folder, saying("x"));
        WireClient client = rig.client()) {
      rig.gateway.passthrough(off.equals("passthrough"));
      assertThat(client.get("/health/orders").text()).contains("\"status\":\"pass\"");
      rig.backend.script(answering("200 OK", "x", "503 Service Unavailable"));
      rig.outage();
      await("the backend complains")
          .atMost(Duration.ofSeconds(20))
          .until(() -> !own(rig).contains("200") && cause(rig) == Cause.INFRASTRUCTURE);
      WireClient.Answer answer = client.get("/health/orders");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).contains("\"status\":\"warn\"", "INFRASTRUCTURE");
      live(client.get("/api/other"), 200, "x");
      assertThat(rig.asked("/health/orders")).isZero();
      assertThat(rig.metric(differed("answer-health", "orders-health"))).isNull();
    }
  }

  private static String own(GatewayRig rig) {
    return String.valueOf(
        Objects.requireNonNull(rig.posture().backends().get("orders")).lastHealth());
  }

  private static Cause cause(GatewayRig rig) {
    return Objects.requireNonNull(rig.posture().dependencies().get("orders-db")).verdict().cause();
  }
}
