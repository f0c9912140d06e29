package dev.sluice.gateway.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.fleet.Standing.Role;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who speaks, by what was heard when. */
class LeadTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Lead lead = new Lead("b", Duration.ofSeconds(6));

  private Role at(long seconds) {
    return lead.standing(seconds * SECOND).role();
  }

  private void heard(boolean leads, long seconds, Member... others) {
    lead.heard(leads, leads ? 7 : 0, List.of(others), seconds * SECOND);
  }

  private void fails(int times) {
    for (int i = 0; i < times; i++) {
      lead.failed();
    }
  }

  @Test
  void itWaitsForTheFirstAnswerAndSpeaksForItselfWhereThereIsNone() {
    assertThat(at(0)).isEqualTo(Role.WAITING);
    assertThat(lead.standing(0).speaks()).isFalse();
    fails(Lead.AWAY);
    assertThat(at(3)).isEqualTo(Role.ALONE);
    heard(false, 4, Members.member("a"));
    assertThat(at(4)).isEqualTo(Role.MEMBER);
  }

  @Test
  void itLeadsWhileItsLeaseIsSurelyValid() {
    heard(true, 10);
    assertThat(lead.standing(14 * SECOND)).isEqualTo(new Standing(Role.LEADER, 7, List.of()));
    assertThat(at(15)).as("a second before the lease ends").isEqualTo(Role.MEMBER);
    heard(true, 15);
    assertThat(at(16)).isEqualTo(Role.LEADER);
  }

  /** It was frozen: nothing failed, and time has passed. */
  @Test
  void whoeverWasHeldUpSaysNothingBeforeItHasAsked() {
    heard(true, 0);
    assertThat(at(600)).isEqualTo(Role.MEMBER);
    assertThat(lead.standing(600 * SECOND).speaks()).isFalse();
    heard(false, 601, Members.member("c", true, Set.of()));
    assertThat(at(601)).isEqualTo(Role.MEMBER);
  }

  @Test
  void whileTheStoreIsAwayTheLeaderGoesOnAndTheOthersWait() {
    heard(true, 0, Members.member("a"));
    fails(Lead.AWAY);
    assertThat(at(10)).isEqualTo(Role.CUT_OFF);
    assertThat(lead.standing(10 * SECOND).epoch()).isZero();
    heard(false, 20, Members.member("a", true, Set.of()), Members.member("c"));
    fails(Lead.AWAY);
    assertThat(at(30)).isEqualTo(Role.WAITING);
  }

  @Test
  void theFirstOfTheOthersSpeaksWhenThatLasts() {
    heard(false, 0, Members.member("a", true, Set.of()), Members.member("c"));
    fails(Lead.AWAY);
    assertThat(at(119)).isEqualTo(Role.WAITING);
    assertThat(at(120)).isEqualTo(Role.CUT_OFF);
    heard(false, 200, Members.member("a"), Members.member("c", true, Set.of()));
    fails(Lead.AWAY);
    assertThat(at(900)).as("a is before it").isEqualTo(Role.WAITING);
  }
}
