package dev.sluice.gateway.fleet;

import static dev.sluice.gateway.fleet.Members.alarm;
import static dev.sluice.gateway.fleet.Members.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.alerts.Alarm;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What several gateways see together. */
class JoinedViewTest {
  private static final Alarm BROKEN = alarm("db", "vpc-path", false);

  private static List<Alarm> joined(Member... members) {
    return new JoinedView(List.of(members)).alarms();
  }

  @Test
  void oneAloneIsNotCounted() {
    assertThat(joined(member("a", BROKEN))).containsExactly(BROKEN);
  }

  @Test
  void eachFaultStandsOnceWithHowManySeeIt() {
    List<Alarm> both = joined(member("a", BROKEN), member("b", BROKEN));
    assertThat(both).hasSize(1);
    assertThat(both.get(0).sentence()).isEqualTo("The way is broken. Seen by all 2 gateways.");
    List<Alarm> most = joined(member("a"), member("b", BROKEN), member("c", BROKEN));
    assertThat(most).hasSize(1);
    assertThat(most.get(0).sentence()).isEqualTo("The way is broken. Seen by 2 of 3 gateways.");
    assertThat(most.get(0).evidence()).containsExactly("it was refused");
  }

  @Test
  void whatFewSeeIsLocalToThem() {
    List<Member> forty = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      forty.add(i < 3 ? member("m" + i, BROKEN) : member("m" + i));
    }
    Alarm local = new JoinedView(forty).alarms().get(0);
    assertThat(local.sentence())
        .isEqualTo("The way is broken. Seen by 3 of 40 gateways: local to those.");
    assertThat(local.evidence().get(0)).contains("gateway/m0, gateway/m1, gateway/m2.");
  }

  @Test
  void whoeverSeesItNowIsBelievedBeforeWhoeverSawItLast() {
    Alarm fading = alarm("db", "silent-server", true);
    assertThat(joined(member("a", fading), member("b", BROKEN)).get(0).detail())
        .isEqualTo("vpc-path");
    Alarm last = joined(member("a", fading), member("b")).get(0);
    assertThat(last.fading()).isTrue();
    assertThat(last.sentence()).as("nobody sees it now").isEqualTo("The way is broken.");
    assertThat(joined(member("a", BROKEN), member("b"), member("c")).get(0).sentence())
        .endsWith("Seen by 1 of 3 gateways: local to it.");
  }

  @Test
  void onlyWhatNobodyKnowsIsUnknown() {
    Member starting = member("a", false, Set.of("db", "app"));
    assertThat(new JoinedView(List.of(starting)).unknown()).containsExactlyInAnyOrder("db", "app");
    assertThat(new JoinedView(List.of(starting, member("b", false, Set.of("app")))).unknown())
        .containsExactly("app");
    assertThat(new JoinedView(List.of(starting, member("b"))).unknown()).isEmpty();
  }
}
