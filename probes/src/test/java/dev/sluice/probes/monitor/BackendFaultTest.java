package dev.sluice.probes.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.breaker.Settings;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Complaint;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose fault a failing health answer is, in the order in which the facts arrive. */
class BackendFaultTest {
  private final VirtualWorld world =
      new VirtualWorld(Settings.of("127.0.0.1", Settings.dependency("db", true)));

  @BeforeEach
  void wellForAWhile() {
    world.monitor.start();
    world.pass(20);
    assertThat(world.orders().verdict().detail()).isEqualTo(Detail.HEALTHY);
    world.published.clear();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aHealthRouteThatWaitsForTheDatabaseNeverBlamesTheApplication() {
    world.signals.put("db", Signal.REFUSED);
    world.health = VirtualWorld::silent;
    world.healthTakes = Duration.ofSeconds(1);
    world.pass(60);
    assertThat(world.orders().verdict().cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(world.orders().verdict().detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(world.orders().breaker()).isEqualTo(BreakerState.CLOSED);
    neverBlamed();
    theAnswerBeforeStood();
  }

  @Test
  void norDoesItWhenTheDatabaseComesBackFirst() {
    world.signals.put("db", Signal.TIMEOUT);
    world.health = VirtualWorld::silent;
    world.pass(30);
    world.signals.clear();
    world.pass(2);
    world.health = VirtualWorld::well;
    world.pass(5);
    assertThat(world.orders().verdict().detail()).isEqualTo(Detail.HEALTHY);
    neverBlamed();
    theAnswerBeforeStood();
  }

  @Test
  void aComplaintBeforeTheFirstFailedClimbIsHeldUntilTheClimb() {
    world.slowness = Duration.ofMillis(1_200);
    world.pass(10);
    world.signals.put("db", Signal.TIMEOUT);
    world.health = VirtualWorld::failing;
    world.pass(20);
    assertThat(world.orders().verdict().detail()).isEqualTo(Detail.INSTANCE_UNREACHABLE);
    theAnswerBeforeStood();
  }

  @Test
  void aBackendThatBeginsToFailHasItsDatabaseLookedAtOnce() {
    List<Integer> climbs = new ArrayList<>();
    world.health =
        at -> {
          climbs.add(world.fulls.size());
          return VirtualWorld.failing(at);
        };
    while (climbs.isEmpty()) {
      world.pass(Duration.ofMillis(10));
    }
    world.pass(Duration.ofMillis(10));
    assertThat(world.fulls).hasSize(climbs.get(0) + 1);
    assertThat(world.orders().standing()).isEqualTo(world.orders().lastHealth());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void oneOrTwoMissedAnswersBlameNobody(int missed) {
    int[] left = {missed};
    world.health = at -> left[0]-- > 0 ? VirtualWorld.silent(at) : VirtualWorld.well(at);
    world.pass(20);
    assertThat(left[0]).isNegative();
    assertThat(world.orders().verdict().detail()).isEqualTo(Detail.HEALTHY);
    neverBlamed();
    theAnswerBeforeStood();
  }

  @Test
  void aBackendThatHangsByItselfIsBlamedAtTheThirdAnswer() {
    world.health = VirtualWorld::silent;
    world.pass(20);
    assertThat(world.orders().verdict().detail()).isEqualTo(Detail.APP_DOWN);
    assertThat(world.orders().verdict().cause()).isEqualTo(Cause.APPLICATION);
    assertThat(Objects.requireNonNull(world.orders().standing()).ok()).isFalse();
    assertThat(world.orders().breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void requestsThatFailBlameABackendOnlyWhereItHasCalledItselfWellSince() {
    world.pass(40);
    world.published.clear();
    failRequests(15);
    world.health = at -> complaining(at, "Connection refused: db:5432");
    failRequests(40);
    assertThat(world.orders().verdict().detail()).isEqualTo(Detail.BACKEND_PATH);
    neverBlamed();
  }

  @Test
  void requestsThatFailBlameABackendThatCallsItselfWellWithinFourSeconds() {
    failRequests(40);
    assertThat(world.orders().verdict().detail()).isEqualTo(Detail.APP_ERROR);
    assertThat(world.orders().verdict().confidence()).isGreaterThan(.8);
  }

  /** One every tenth of a second, with the application's marker. */
  private void failRequests(int count) {
    for (int i = 0; i < count; i++) {
      world.monitor.witness().answered("orders", List.of("db"), 500, true);
      world.pass(Duration.ofMillis(100));
    }
  }

  private static BackendHealth complaining(Instant at, String text) {
    Complaint complaint = new Complaint("db", text, true);
    return BackendHealth.answered(at, 503, "503; " + text, List.of(complaint), null);
  }

  @Test
  void fromTheGatewayAloneSilenceIsHeldAndAComplaintIsPassedOn() {
    try (VirtualWorld remote =
        new VirtualWorld(Settings.of("orders.internal", Settings.dependency("db", true)))) {
      remote.vantage = Vantage.GATEWAY;
      remote.monitor.start();
      remote.pass(20);
      remote.signals.put("db", Signal.TIMEOUT);
      remote.health = VirtualWorld::silent;
      remote.pass(60);
      assertThat(remote.orders().verdict().cause()).isEqualTo(Cause.UNKNOWN);
      assertThat(Objects.requireNonNull(remote.orders().standing()).ok()).isTrue();
      remote.health = VirtualWorld::failing;
      remote.pass(10);
      assertThat(Objects.requireNonNull(remote.orders().standing()).status()).isEqualTo(503);
    }
  }

  private void neverBlamed() {
    assertThat(world.published)
        .extracting(p -> orders(p).verdict().cause())
        .doesNotContain(Cause.APPLICATION);
  }

  /** No moment at which the failing answer was the backend's own word. */
  private void theAnswerBeforeStood() {
    List<BackendHealth> standing = world.published.stream().map(p -> orders(p).standing()).toList();
    assertThat(standing).isNotEmpty().allMatch(BackendHealth::ok);
  }

  private static dev.sluice.probes.mode.BackendStatus orders(Posture posture) {
    return Objects.requireNonNull(posture.backends().get("orders"));
  }
}
