package dev.sluice.probes.mode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.probes.breaker.Settings;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModeRuleTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void everyBreakerClosedIsFull() {
    assertThat(mode(true, Detail.HEALTHY, 1, BreakerState.CLOSED, true, false))
        .isEqualTo(ServiceMode.FULL);
    assertThat(mode(true, Detail.SERVER_REFUSING, .8, BreakerState.HALF_OPEN, true, false))
        .isEqualTo(ServiceMode.FULL);
  }

  @Test
  void aRequiredDependencyDegrades() {
    assertThat(mode(true, Detail.SERVER_REFUSING, .8, BreakerState.OPEN, true, false))
        .isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(mode(true, Detail.WARM_UP, 0, BreakerState.CLOSED, false, false))
        .isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(mode(true, Detail.READ_ONLY_NODE, .7, BreakerState.CLOSED, true, true))
        .isEqualTo(ServiceMode.DB_DEGRADED);
  }

  @Test
  void aNetworkThatIsSurelyBrokenIsAnInfrastructureFailure() {
    assertThat(mode(true, Detail.VPC_PATH, .93, BreakerState.OPEN, true, false))
        .isEqualTo(ServiceMode.INFRA_FAILURE);
    assertThat(mode(true, Detail.VPC_PATH, .6, BreakerState.OPEN, true, false))
        .isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(mode(true, Detail.INSTANCE_UNREACHABLE, .9, BreakerState.OPEN, true, false))
        .isEqualTo(ServiceMode.DB_DEGRADED);
  }

  @Test
  void anOptionalDependencyAndTheApplicationChangeNothing() {
    assertThat(mode(false, Detail.VPC_PATH, .93, BreakerState.OPEN, true, false))
        .isEqualTo(ServiceMode.FULL);
    assertThat(mode(true, Detail.SCHEMA, .95, BreakerState.CLOSED, true, false))
        .isEqualTo(ServiceMode.FULL);
  }

  @Test
  void twoNetworksDownAreAnInfrastructureFailure() {
    Dependency one = Settings.dependency("one", true);
    Dependency two =
        new Dependency(
            "two",
            one.target(),
            "other",
            one.tiers(),
            one.interval(),
            null,
            one.fullInterval(),
            true,
            one.place());
    Configuration configuration = Settings.of("127.0.0.1", one, two);
    Map<String, DependencyStatus> down =
        Map.of(
            "one", status("one", Detail.SERVER_REFUSING, .8, BreakerState.OPEN, true, false),
            "two", status("two", Detail.SERVER_REFUSING, .8, BreakerState.OPEN, true, false));
    assertThat(ModeRule.of(configuration, down)).isEqualTo(ServiceMode.INFRA_FAILURE);
  }

  @Test
  void eachBackendHasItsModeAndTheGatewaysIsTheWorst() {
    Configuration one =
        Settings.of(
            "127.0.0.1", Settings.dependency("db", true), Settings.dependency("other", true));
    Backend orders = Settings.needing(one.backends().get(0), "orders", List.of("db"));
    Backend stock = Settings.needing(one.backends().get(0), "stock", List.of("other"));
    Configuration configuration = Settings.with(one, orders, stock);
    Map<String, DependencyStatus> dependencies =
        Map.of(
            "db", status("db", Detail.SERVER_REFUSING, .8, BreakerState.OPEN, true, false),
            "other", status("other", Detail.HEALTHY, 1, BreakerState.CLOSED, true, false));
    assertThat(ModeRule.of(configuration, orders, dependencies)).isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(ModeRule.of(configuration, stock, dependencies)).isEqualTo(ServiceMode.FULL);
    assertThat(ModeRule.of(configuration, dependencies)).isEqualTo(ServiceMode.DB_DEGRADED);
    Posture start = Posture.starting(NOW, configuration);
    assertThat(start.mode("stock")).isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(ModeRule.of(Settings.with(one, stock), dependencies))
        .as("what no backend is said to need counts as well")
        .isEqualTo(ServiceMode.DB_DEGRADED);
  }

  @Test
  void theHeadlineIsTheWorst() {
    Verdict well = Verdict.healthy("gateway", NOW);
    DependencyStatus infra =
        status("db", Detail.SERVER_REFUSING, .6, BreakerState.OPEN, true, false);
    DependencyStatus app = status("x", Detail.SCHEMA, .95, BreakerState.CLOSED, true, false);
    assertThat(ModeRule.headline(List.of(app, infra), List.of(), well)).isEqualTo(infra.verdict());
    assertThat(ModeRule.headline(List.of(), List.of(), well)).isEqualTo(well);
  }

  @Test
  void theStartIsDegradedUnlessNothingIsRequired() {
    Posture required =
        Posture.starting(NOW, Settings.of("127.0.0.1", Settings.dependency("db", true)));
    Posture optional =
        Posture.starting(NOW, Settings.of("127.0.0.1", Settings.dependency("db", false)));
    assertThat(required.mode()).isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(optional.mode()).isEqualTo(ServiceMode.FULL);
    assertThat(required.anyOpen()).isFalse();
    assertThat(required.warmUp()).isTrue();
    assertThat(optional.warmUp()).isFalse();
  }

  private static ServiceMode mode(
      boolean required,
      Detail detail,
      double confidence,
      BreakerState breaker,
      boolean proven,
      boolean readOnly) {
    Configuration configuration = Settings.of("127.0.0.1", Settings.dependency("db", required));
    return ModeRule.of(
        configuration, Map.of("db", status("db", detail, confidence, breaker, proven, readOnly)));
  }

  private static DependencyStatus status(
      String id,
      Detail detail,
      double confidence,
      BreakerState breaker,
      boolean proven,
      boolean readOnly) {
    Cause cause = detail.cause();
    Verdict verdict =
        new Verdict(
            id, cause, detail, confidence, List.of(), "s", "r", "infrastructure", NOW, null);
    return new DependencyStatus(id, verdict, breaker, readOnly, proven, proven, false, null, null);
  }
}
