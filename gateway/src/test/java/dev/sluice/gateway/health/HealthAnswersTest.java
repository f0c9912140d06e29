package dev.sluice.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.replay.Progress;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthAnswersTest {
  private static final Situation RUNNING =
      new Situation(false, false, true, true, List.of(), null, Progress.NONE);
  private static final Situation EMPTY =
      new Situation(false, false, false, false, List.of(), null, Progress.NONE);

  private final Configuration configuration = Postures.configuration();

  @ParameterizedTest
  @CsvSource({
    "FULL,NONE,HEALTHY,200,pass",
    "DB_DEGRADED,INFRASTRUCTURE,VPC_PATH,200,warn",
    "INFRA_FAILURE,INFRASTRUCTURE,EGRESS,503,fail"
  })
  void reportFollowsTheMode(ServiceMode mode, Cause cause, Detail detail, int code, String word) {
    HealthAnswer answer =
        HealthAnswers.report(
            Postures.posture(mode, cause, detail, true), configuration, RUNNING, true);
    assertThat(answer.status()).isEqualTo(code);
    assertThat(body(answer)).startsWith("{\"status\":\"" + word + "\"");
  }

  @Test
  void fullReportNamesRungsVerdictAndTheBackendsOwnStatus() {
    String body = body(HealthAnswers.report(Postures.outage(), configuration, RUNNING, true));
    assertThat(body)
        .contains("\"orders-db:connect\"")
        .contains("\"detail\":\"vpc-path\"")
        .contains("\"orders:health\":[{\"status\":\"fail\"")
        .contains("\"observedValue\":503")
        .contains("\"signal\":\"timeout\"");
  }

  @Test
  void publicAnswersNameNoComponentAndNoDetail() {
    String body =
        body(HealthAnswers.report(Postures.outage(), configuration, RUNNING, false))
            + body(HealthAnswers.ready(Postures.outage(), configuration, EMPTY, false))
            + route("degraded", Postures.outage(), false);
    assertThat(body)
        .contains("\"cause\":\"INFRASTRUCTURE\"")
        .doesNotContain("orders", "vpc-path", "connector", "timeout", "secret");
  }

  @Test
  void readyIsUsefulness() {
    assertThat(ready(Postures.healthy(), RUNNING)).isEqualTo("200 pass");
    assertThat(ready(Postures.outage(), RUNNING)).isEqualTo("200 warn");
    assertThat(ready(Postures.outage(), EMPTY)).isEqualTo("503 fail");
    assertThat(
            ready(
                Postures.outage(),
                new Situation(false, true, false, false, List.of(), null, Progress.NONE)))
        .isEqualTo("200 warn");
    assertThat(
            ready(
                Postures.healthy(),
                new Situation(true, false, true, true, List.of(), null, Progress.NONE)))
        .isEqualTo("503 fail");
    Posture gone =
        Postures.posture(ServiceMode.INFRA_FAILURE, Cause.INFRASTRUCTURE, Detail.VPC_PATH, true);
    assertThat(ready(gone, RUNNING)).isEqualTo("200 warn");
  }

  @Test
  void observeForwardsAndSoIsAlwaysUseful() {
    Configuration observing =
        Postures.configuration(Postures.YAML.replace("mode: enforce", "mode: observe"));
    assertThat(HealthAnswers.ready(Postures.outage(), observing, EMPTY, false).status())
        .isEqualTo(200);
  }

  @Test
  void whenDegradedFailMakesReadinessFollowTheMode() {
    Configuration strict =
        Postures.configuration("health: { ready: { when-degraded: fail } }\n" + Postures.YAML);
    assertThat(HealthAnswers.ready(Postures.outage(), strict, RUNNING, false).status())
        .isEqualTo(503);
    assertThat(HealthAnswers.ready(Postures.healthy(), strict, RUNNING, false).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "CREDENTIALS,false,503", "MISSING_DATABASE,false,503", "TLS,false,503", "SCHEMA,false,503",
    "CREDENTIALS,true,200", "SCHEMA,true,200", "VPC_PATH,false,200",
        "INSTANCE_UNREACHABLE,false,200"
  })
  void startupFailsForThisRevisionsOwnSettings(Detail detail, boolean well, int code) {
    Posture posture = Postures.posture(ServiceMode.DB_DEGRADED, detail.cause(), detail, well);
    assertThat(HealthAnswers.startup(posture, configuration, false).status()).isEqualTo(code);
  }

  @Test
  void startupWaitsUntilSomethingIsProven() {
    Posture starting = Posture.starting(Postures.NOW, configuration);
    assertThat(HealthAnswers.startup(starting, configuration, false).status()).isEqualTo(503);
  }

  @Test
  void livenessDependsOnNothing() {
    assertThat(HealthAnswers.live().status()).isEqualTo(200);
    assertThat(body(HealthAnswers.live())).isEqualTo("{\"status\":\"pass\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "degraded,INFRASTRUCTURE,VPC_PATH,503,200 warn",
    "fail,INFRASTRUCTURE,VPC_PATH,503,503 fail",
    "degraded,APPLICATION,SCHEMA,503,503 fail",
    "degraded,UNKNOWN,APP_SILENT,500,500 fail",
    "degraded,UNKNOWN,APP_SILENT,0,503 fail",
    "degraded,NONE,GATEWAY_VIEW,503,503 fail"
  })
  void routeOfAFailingBackendFollowsTheCause(
      String onFailure, Cause cause, Detail detail, int own, String expected) {
    BackendHealth health = Postures.answer(own);
    Posture posture = Postures.posture(ServiceMode.DB_DEGRADED, cause, detail, true, health);
    assertThat(route(onFailure, posture, true))
        .startsWith(expected)
        .contains("\"backend\":{\"status\":" + own);
  }

  @Test
  void routeOfAHealthyBackendIsGoodWhateverTheVerdict() {
    BackendHealth up = Postures.answer(200);
    Posture outage =
        Postures.posture(ServiceMode.DB_DEGRADED, Cause.INFRASTRUCTURE, Detail.VPC_PATH, true, up);
    assertThat(route("fail", outage, true)).startsWith("200 warn");
    assertThat(route("fail", Postures.healthy(), true)).startsWith("200 pass");
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN,APP_SILENT,200 warn",
    "NONE,WARM_UP,200 warn",
    "INFRASTRUCTURE,VPC_PATH,200 warn",
    "APPLICATION,APP_DOWN,503 fail"
  })
  void whileTheFaultIsNotKnownTheAnswerBeforeStands(Cause cause, Detail detail, String expected) {
    Posture failing = Postures.posture(ServiceMode.FULL, cause, detail, true, Postures.answer(0));
    BackendStatus status = failing.backends().get("orders");
    BackendStatus held =
        new BackendStatus(
            "orders",
            status.verdict(),
            status.breaker(),
            status.lastHealth(),
            Postures.answer(200),
            status.mode());
    Posture posture =
        new Posture(
            failing.takenAt(),
            failing.startedAt(),
            failing.mode(),
            failing.dependencies(),
            Map.of("orders", held),
            failing.headline(),
            false);
    assertThat(route("degraded", posture, true))
        .startsWith(expected)
        .contains("\"backend\":{\"status\":0");
  }

  @Test
  void deskHandsOutTheSameBytesUntilSomethingChanges() {
    Posture posture = Postures.healthy();
    HealthDesk desk = new HealthDesk(posture, configuration, RUNNING);
    HealthAnswer first = desk.report(posture, configuration, RUNNING, false);
    assertThat(desk.report(posture, configuration, RUNNING, false)).isSameAs(first);
    assertThat(desk.report(posture, configuration, RUNNING, true)).isNotEqualTo(first);
    assertThat(desk.report(Postures.outage(), configuration, RUNNING, false)).isNotEqualTo(first);
  }

  private String route(String onFailure, Posture posture, boolean full) {
    Configuration with =
        Postures.configuration(
            Postures.YAML.replace(
                "kind: health", "kind: health, on-infrastructure-failure: " + onFailure));
    var route = with.route("orders-health").orElseThrow();
    HealthAnswer answer =
        RouteHealth.answer(
            route, with.backend("orders").orElseThrow(), with.dependenciesOf(route), posture, full);
    return answer.status() + " " + word(answer) + " " + body(answer);
  }

  private String ready(Posture posture, Situation situation) {
    HealthAnswer answer = HealthAnswers.ready(posture, configuration, situation, false);
    return answer.status() + " " + word(answer);
  }

  private static String word(HealthAnswer answer) {
    return body(answer).substring(11, 15);
  }

  private static String body(HealthAnswer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void howFarTheReleaseOfWritesHasComeIsTold() {
    Progress progress = new Progress(30, 45, 15, Duration.ofSeconds(3));
    Situation releasing = new Situation(false, false, true, true, List.of(), null, progress);
    String full = body(HealthAnswers.report(Postures.healthy(), configuration, releasing, true));
    assertThat(full)
        .contains("\"queue:replay\"", "\"observedValue\":45", "\"done\":30")
        .contains("\"per-second\":15.0", "\"remaining-seconds\":3");
    assertThat(body(HealthAnswers.report(Postures.healthy(), configuration, RUNNING, true)))
        .doesNotContain("queue:replay");
  }
}
