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
  private boolean reached = true;

  private static Sample sample(Rung rung, boolean ok, @Nullable String signal) {
    return new Sample(
        "db", rung, Vantage.GATEWAY, ok, 3, null, List.of(), null, false, null, signal);
  }

  private static Climb climb(Instant at, Sample... samples) {
    return new Climb("db", at, Vantage.GATEWAY, List.of(samples));
  }

  private Ladder ladder(String name, Climb ends) {
    return (full, seen) -> {
      climbed.add(name);
      return Mono.just(ends);
    };
  }

  private List<String> climb() {
    climbed.clear();
    Sample here = sample(Rung.TCP, reached, null);
    Ladder own = ladder("own", climb(NOW, here, sample(Rung.SELECT_ONE, true, null)));
    Ladder joined = new JoinedLadder(own, ladder("foot", climb(NOW, here)), () -> leaders);
    Climb climb = Objects.requireNonNull(joined.climb(true).block());
    assertThat(climb.at()).isEqualTo(NOW);
    return Stream.concat(
            climbed.stream(),
            climb.samples().stream().map(each -> each.rung() + (each.ok() ? " ok" : " failed")))
        .toList();
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
    assertThat(climb()).startsWith("own");
    leaders = climb(THEN, sample(Rung.TCP, true, null), sample(Rung.STARTUP, false, Signal.FROZEN));
    assertThat(climb()).startsWith("own");
  }

  @Test
  void soIsWhatIsWrongWithTheOneFromHere() {
    leaders = climb(THEN, sample(Rung.TCP, true, null), sample(Rung.SELECT_ONE, true, null));
    reached = false;
    assertThat(climb()).startsWith("foot", "own", "TCP failed");
  }

  @Test
  void aLeadersClimbGrowsOldFromTheMomentInWhichItIsHeardOf() {
    LeadersClimbs heard = new LeadersClimbs();
    Duration interval = Duration.ofSeconds(5);
    long second = Duration.ofSeconds(1).toNanos();
    Member leads = leading("a", climb(THEN, sample(Rung.TCP, true, null)));
    heard.heard(List.of(Members.member("b"), leads), 0);
    heard.heard(List.of(leads), 10 * second);
    assertThat(heard.latest("db", interval, Vantage.SHARED, 13 * second)).isNotNull();
    assertThat(heard.latest("db", interval, Vantage.SHARED, 13 * second).samples().get(0).vantage())
        .isEqualTo(Vantage.SHARED);
    assertThat(heard.latest("db", interval, Vantage.SHARED, 14 * second)).isNull();
    assertThat(heard.latest("redis", interval, Vantage.SHARED, 0)).isNull();
    heard.heard(List.of(leading("a", climb(NOW, sample(Rung.TCP, true, null)))), 14 * second);
    assertThat(heard.latest("db", interval, Vantage.SHARED, 14 * second)).isNotNull();
    heard.heard(List.of(Members.member("b")), 15 * second);
    assertThat(heard.latest("db", interval, Vantage.SHARED, 15 * second))
        .as("nobody leads")
        .isNull();
  }

  private static Member leading(String id, Climb climb) {
    return new Member(id, id, true, THEN, "full", List.of(), Set.of(), List.of(climb));
  }

  @Test
  void climbsGoFromOneToTheOther() {
    Member leads =
        leading(
            "a", climb(THEN, sample(Rung.TCP, true, null), sample(Rung.STARTUP, false, "refused")));
    assertThat(MemberNotes.read("a", true, MemberNotes.write(leads))).isEqualTo(leads);
  }
}
