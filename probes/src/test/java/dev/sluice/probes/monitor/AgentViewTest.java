package dev.sluice.probes.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.breaker.Settings;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of the difference table where an agent looks from beside the backend. */
class AgentViewTest {
  private final VirtualWorld world =
      new VirtualWorld(Settings.of("orders.internal", Settings.dependency("db", true)));

  @BeforeEach
  void begin() {
    world.vantage = Vantage.GATEWAY;
    world.monitor.start();
    world.pass(12);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private Climb seen(String target, Rung rung, String signal, String state) {
    Sample sample =
        signal == null && state == null
            ? Sample.good(target, Rung.SELECT_ONE, Vantage.AGENT, 4)
            : new Sample(
                target,
                rung,
                Vantage.AGENT,
                false,
                5_003,
                null,
                List.of(),
                state,
                false,
                "",
                signal);
    return new Climb(target, world.instant(), Vantage.AGENT, List.of(sample));
  }

  private void told(String agent, Climb... climbs) {
    world.monitor.told(new AgentReport(agent, List.of(climbs)));
  }

  private void wellThere(int seconds) {
    for (int i = 0; i < seconds; i++) {
      told("one", seen("db", Rung.SELECT_ONE, null, null));
      world.pass(1);
    }
  }

  private void failsThere(int seconds, Rung rung, String signal, String state) {
    for (int i = 0; i < seconds; i++) {
      told("one", seen("db", rung, signal, state));
      world.pass(1);
    }
  }

  @Test
  void onlyTheGatewaysOwnWayIsCut() {
    wellThere(2);
    world.signals.put("db", Signal.TIMEOUT);
    wellThere(600);
    DependencyStatus db = world.db();
    assertThat(db.verdict().detail()).isEqualTo(Detail.GATEWAY_VIEW);
    assertThat(db.verdict().cause()).isEqualTo(Cause.NONE);
    assertThat(db.verdict().sentence())
        .startsWith("Beside the backend db answers in 4 ms. Only this gateway cannot reach it.");
    assertThat(db.verdict().owner()).isEqualTo("gateway");
    assertThat(db.breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(world.changes).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "TCP, timeout, , BACKEND_PATH, INFRASTRUCTURE",
    "TCP, refused, , BACKEND_PATH, INFRASTRUCTURE",
    "DNS, timeout, , BACKEND_PATH, INFRASTRUCTURE",
    "AUTHENTICATION, , 28P01, BACKEND_CREDENTIALS, APPLICATION",
    "AUTHENTICATION, , 3D000, BACKEND_CREDENTIALS, APPLICATION",
    "STARTUP, , 57P03, RESTARTING, INFRASTRUCTURE"
  })
  void onlyTheBackendsViewFails(
      Rung rung, String signal, String state, Detail detail, Cause cause) {
    failsThere(5, rung, signal, state);
    assertThat(world.db().verdict().detail()).isEqualTo(detail);
    assertThat(world.db().verdict().cause()).isEqualTo(cause);
    assertThat(world.db().verdict().confidence()).isGreaterThanOrEqualTo(.8);
    assertThat(world.db().verdict().sentence()).contains("Seen by the agent: db");
    assertThat(world.db().breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aBrokenWayIsToldFromBothViews() {
    failsThere(5, Rung.TCP, Signal.TIMEOUT, null);
    assertThat(world.db().verdict().sentence())
        .startsWith("db answers here in")
        .contains("beside the backend it does not. The way from the backend to it is broken.")
        .contains("tcp failed after 5,003 ms");
  }

  @Test
  void oneLookIsNotBelievedAsThreeAre() {
    failsThere(1, Rung.TCP, Signal.TIMEOUT, null);
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.HEALTHY);
    failsThere(2, Rung.TCP, Signal.TIMEOUT, null);
    assertThat(world.db().verdict().confidence()).isEqualTo(.95);
  }

  @Test
  void theSameFailureInBothViewsIsCertain() {
    world.signals.put("db", Signal.REFUSED);
    failsThere(8, Rung.TCP, Signal.REFUSED, null);
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(world.db().verdict().confidence()).isGreaterThanOrEqualTo(.95);
    assertThat(world.db().verdict().sentence()).contains("From this gateway it looks the same.");
    assertThat(world.db().breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void theAgentsControlsTellItsNetworkFromTheInstance() {
    world.signals.put("db", Signal.TIMEOUT);
    for (int i = 0; i < 6; i++) {
      told(
          "one",
          seen("host", Rung.TCP, Signal.TIMEOUT, null),
          seen("db", Rung.TCP, Signal.TIMEOUT, null));
      world.pass(1);
    }
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.VPC_PATH);
  }

  @Test
  void whatTheAgentSeesBackOpensTheWayAgain() {
    failsThere(5, Rung.TCP, Signal.TIMEOUT, null);
    wellThere(3);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.HALF_OPEN);
    wellThere(20);
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.HEALTHY);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void anAgentThatFallsSilentIsForgotten() {
    failsThere(5, Rung.TCP, Signal.TIMEOUT, null);
    assertThat(world.db().besideClimb()).isNotNull();
    world.pass(20);
    assertThat(world.db().besideClimb()).isNull();
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.HEALTHY);
    assertThat(world.db().breaker()).isNotEqualTo(BreakerState.OPEN);
  }

  @Test
  void oneOfThreeInstancesIsNotTheDependency() {
    for (int i = 0; i < 10; i++) {
      told("one", seen("db", Rung.SELECT_ONE, null, null));
      told("two", seen("db", Rung.SELECT_ONE, null, null));
      told("three", seen("db", Rung.TCP, Signal.TIMEOUT, null));
      world.pass(1);
    }
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.HEALTHY);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void twoOfThreeAre() {
    for (int i = 0; i < 10; i++) {
      told("one", seen("db", Rung.SELECT_ONE, null, null));
      told("two", seen("db", Rung.TCP, Signal.TIMEOUT, null));
      told("three", seen("db", Rung.TCP, Signal.TIMEOUT, null));
      world.pass(1);
    }
    assertThat(world.db().verdict().detail()).isEqualTo(Detail.BACKEND_PATH);
    assertThat(world.db().breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void whatNobodyKnowsIsLeftOut() {
    told("one", seen("elsewhere", Rung.TCP, Signal.TIMEOUT, null));
    world.pass(1);
    assertThat(world.db().besideClimb()).isNull();
    assertThat(world.monitor.posture().dependencies()).containsOnlyKeys("db");
  }
}
