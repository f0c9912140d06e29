package dev.sluice.gateway.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What is climbed from here, and what is taken from the gateway that leads. */
class JoinedLadderTest {
  private static final Instant THEN = Instant.parse("2026-05-04T12:00:00Z");
  private static final Instant NOW = THEN.plusSeconds(4);

  private final List<String> climbed = new ArrayList<>();
  private @Nullable Climb leaders;
  private Duration rest = Duration.ZERO;
  private int pending;
  private boolean reached = true;
  private long nanos;

  private final JoinedLadder.Leader leader =
      new JoinedLadder.Leader() {
        @Override
        public boolean pending() {
          return pending-- > 0;
        }

        @Override
        public @Nullable Climb climb() {
          return leaders;
        }

        @Override
        public Duration rest() {
          return rest;
        }
      };

  private final Ladder joined =
      new JoinedLadder(
          (full, seen) -> ended("own", climb(NOW, here(), sample(Rung.SELECT_ONE, true, null))),
          (full, seen) -> ended("foot", climb(NOW, here())),
          leader,
          () -> nanos);

  private Sample here() {
    return sample(Rung.TCP, reached, null);
  }

  private static Sample sample(Rung rung, boolean ok, @Nullable String signal) {
    return new Sample(
        "db", rung, Vantage.GATEWAY, ok, 3, null, List.of(), null, false, null, signal);
  }

  private static Climb climb(Instant at, Sample... samples) {
    return new Climb("db", at, Vantage.GATEWAY, List.of(samples));
  }

  private Mono<Climb> ended(String name, Climb ends) {
    return Mono.fromSupplier(
        () -> {
          climbed.add(name);
          return ends;
        });
  }

  private List<String> climb() {
    climbed.clear();
    List<Sample> told = new ArrayList<>();
    Climb climb =
        Objects.requireNonNull(joined.within(Duration.ofSeconds(3)).climb(true, told::add).block());
    assertThat(climb.samples()).containsAll(told);
    return Stream.concat(
            climbed.stream(),
            climb.samples().stream().map(each -> each.rung() + (each.ok() ? " ok" : " failed")))
        .toList();
  }

  private void theyReach(boolean databaseAnswers) {
    leaders =
        climb(THEN, sample(Rung.TCP, true, null), sample(Rung.SELECT_ONE, databaseAnswers, null));
  }

  @Test
  void itsFootIsClimbedFromHereAndTheRestIsTheLeaders() {
    leaders =
        climb(
            THEN,
            sample(Rung.DNS, true, null),
            sample(Rung.TCP, true, null),
            sample(Rung.AUTHENTICATION, true, null),
            sample(Rung.SELECT_ONE, false, null));
    assertThat(climb()).containsExactly("foot", "TCP ok", "AUTHENTICATION ok", "SELECT_ONE failed");
  }

  @Test
  void whoeverHasHeardNothingClimbsByItself() {
    assertThat(climb()).containsExactly("own", "TCP ok", "SELECT_ONE ok");
  }

  @Test
  void whatIsWrongWithTheLeadersOwnWayIsLookedAtFromHere() {
    leaders = climb(THEN, sample(Rung.TCP, false, null));
    assertThat(climb()).startsWith("foot", "own");
    leaders = climb(THEN, sample(Rung.TCP, true, null), sample(Rung.STARTUP, false, Signal.FROZEN));
    assertThat(climb()).startsWith("foot", "own");
  }

  @Test
  void whatIsWrongWithTheOneFromHereIsSaidWithoutALogin() {
    theyReach(true);
    reached = false;
    assertThat(climb()).containsExactly("foot", "TCP failed");
  }

  /** A server that comes back is not logged in to by all of them at once. */
  @Test
  void itsWayIsMendedBeforeTheLeaderHasLookedAgain() {
    leaders = climb(THEN, sample(Rung.TCP, false, null));
    Mono.delay(Duration.ofMillis(600))
        .subscribe(
            tick ->
                leaders =
                    climb(NOW, sample(Rung.TCP, true, null), sample(Rung.STARTUP, false, null)));
    assertThat(climb()).containsExactly("foot", "TCP ok", "STARTUP failed");
  }

  @Test
  void whileBothAgreeItIsLookedAtNowAndThen() {
    theyReach(false);
    assertThat(climb()).startsWith("foot");
    rest = Duration.ofSeconds(100);
    assertThat(climb()).containsExactly("TCP ok", "SELECT_ONE failed");
    leaders = climb(THEN, sample(Rung.TCP, false, null));
    reached = false;
    assertThat(climb()).as("they disagree").containsExactly("foot", "TCP failed");
    assertThat(climb()).as("they agree").containsExactly("TCP failed");
    nanos = Duration.ofSeconds(100).toNanos();
    assertThat(climb()).as("long ago").startsWith("foot");
    rest = Duration.ZERO;
    assertThat(climb()).as("asked to look").startsWith("foot");
  }

  @Test
  void atTheStartItIsWaitedForWhoLeads() {
    theyReach(true);
    pending = 3;
    assertThat(climb()).containsExactly("foot", "TCP ok", "SELECT_ONE ok");
    assertThat(pending).isNegative();
    leaders = null;
    pending = Integer.MAX_VALUE;
    assertThat(climb()).as("nobody is heard of").startsWith("own");
  }

  @Test
  void aLeadersClimbGrowsOldFromTheMomentInWhichItIsHeardOf() {
    LeadersClimbs heard = new LeadersClimbs();
    Duration interval = Duration.ofSeconds(5);
    long second = Duration.ofSeconds(1).toNanos();
    Member leads = leading("a", climb(THEN, sample(Rung.TCP, true, null)));
    heard.heard(List.of(Members.member("b"), leads), 0, THEN);
    heard.heard(List.of(leads), 10 * second, NOW);
    assertThat(heard.latest("db", interval, Vantage.SHARED, 13 * second)).isNotNull();
    assertThat(heard.latest("db", interval, Vantage.SHARED, 13 * second).samples().get(0).vantage())
        .isEqualTo(Vantage.SHARED);
    assertThat(heard.latest("db", interval, Vantage.SHARED, 14 * second)).isNull();
    assertThat(heard.latest("redis", interval, Vantage.SHARED, 0)).isNull();
    heard.heard(List.of(leading("a", climb(NOW, sample(Rung.TCP, true, null)))), 14 * second, NOW);
    assertThat(heard.latest("db", interval, Vantage.SHARED, 14 * second)).isNotNull();
    heard.heard(List.of(Members.member("b")), 15 * second, NOW);
    assertThat(heard.latest("db", interval, Vantage.SHARED, 15 * second))
        .as("nobody leads for the moment")
        .isNotNull();
    heard.heard(List.of(leading("c")), 16 * second, NOW);
    assertThat(heard.latest("db", interval, Vantage.SHARED, 16 * second))
        .as("the next leader watches it no more")
        .isNull();
  }

  @Test
  void aShortIntervalDoesNotOutrunAChangeOfTheLeader() {
    LeadersClimbs heard = new LeadersClimbs();
    Duration interval = Duration.ofMillis(500);
    long second = Duration.ofSeconds(1).toNanos();
    heard.heard(List.of(leading("a", climb(THEN, sample(Rung.TCP, true, null)))), 0, NOW);
    assertThat(heard.fresh("db", interval, 3 * second)).isTrue();
    assertThat(heard.fresh("db", interval, 4 * second)).as("looked at from here").isFalse();
    assertThat(heard.latest("db", interval, Vantage.SHARED, 11 * second).at()).isEqualTo(NOW);
    assertThat(heard.latest("db", interval, Vantage.SHARED, 12 * second)).isNull();
  }

  private static Member leading(String id, Climb... climbs) {
    return new Member(id, id, true, THEN, "full", List.of(), Set.of(), List.of(climbs));
  }

  @Test
  void climbsGoFromOneToTheOther() {
    Member leads =
        leading(
            "a", climb(THEN, sample(Rung.TCP, true, null), sample(Rung.STARTUP, false, "refused")));
    assertThat(MemberNotes.read("a", true, MemberNotes.write(leads))).isEqualTo(leads);
  }
}
