package dev.sluice.probes.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HysteresisTest {
  private Instant now = Instant.EPOCH;
  private final Hysteresis hysteresis = new Hysteresis(Verdict.healthy("db", now));
  private int agreeing;

  private static Verdict fault(Detail detail, double confidence) {
    return new Verdict(
        "db",
        detail.cause(),
        detail,
        confidence,
        List.of(),
        "It is broken.",
        "r",
        "o",
        Instant.EPOCH,
        null);
  }

  private Verdict fails(Detail detail, double confidence) {
    agreeing++;
    hysteresis.looked(false, now);
    return hysteresis.judged(fault(detail, confidence), agreeing, false, now);
  }

  private Verdict holds() {
    agreeing = 0;
    hysteresis.looked(true, now);
    return hysteresis.judged(Verdict.healthy("db", now), 0, false, now);
  }

  private void pass(double seconds) {
    now = now.plus(Duration.ofMillis((long) (seconds * 1000)));
  }

  @Test
  void aFaultIsSaidOnceThreeLooksAgree() {
    assertThat(fails(Detail.SERVER_REFUSING, .7).detail()).isEqualTo(Detail.HEALTHY);
    pass(1);
    assertThat(fails(Detail.SERVER_REFUSING, .85).detail()).isEqualTo(Detail.HEALTHY);
    pass(1);
    assertThat(fails(Detail.SERVER_REFUSING, .97).detail()).isEqualTo(Detail.SERVER_REFUSING);
    assertThat(hysteresis.said().since()).isEqualTo(now);
  }

  @Test
  void twoLooksAreEnoughWhereRequestsFailToo() {
    hysteresis.looked(false, now);
    Verdict fault = fault(Detail.SERVER_REFUSING, .85);
    assertThat(hysteresis.judged(fault, 1, true, now).detail()).isEqualTo(Detail.HEALTHY);
    hysteresis.looked(false, now);
    assertThat(hysteresis.judged(fault, 2, true, now).detail()).isEqualTo(Detail.SERVER_REFUSING);
  }

  @Test
  void whatWasSeenIsNotKeptBack() {
    Verdict first = fails(Detail.SERVER_REFUSING, .7);
    assertThat(first.cause()).isEqualTo(Cause.NONE);
    assertThat(first.sentence()).contains("is being looked at again", "It is broken.");
    pass(1);
    assertThat(holds().sentence()).isEqualTo("db is healthy.");
  }

  @Test
  void itIsWellAgainAfterTwoGoodLooks() {
    broken();
    pass(1);
    assertThat(holds().detail()).isEqualTo(Detail.SERVER_REFUSING);
    pass(1);
    assertThat(holds().detail()).isEqualTo(Detail.HEALTHY);
  }

  private void broken() {
    for (int i = 0; i < 3; i++) {
      fails(Detail.SERVER_REFUSING, .97);
      pass(1);
    }
    assertThat(hysteresis.said().detail()).isEqualTo(Detail.SERVER_REFUSING);
  }

  @Test
  void aSurerFaultTakesOverAtOnceAndAnotherAfterItsTime() {
    broken();
    assertThat(fails(Detail.VPC_PATH, .98).detail()).isEqualTo(Detail.VPC_PATH);
    pass(2);
    assertThat(fails(Detail.SERVER_REFUSING, .9).detail()).isEqualTo(Detail.VPC_PATH);
    pass(1);
    assertThat(fails(Detail.SERVER_REFUSING, .9).detail()).isEqualTo(Detail.SERVER_REFUSING);
  }

  @Test
  void whatComesAndGoesIsUnstableUntilItHasHeldForTenSeconds() {
    int changes = 0;
    Verdict before = hysteresis.said();
    for (int cycle = 0; cycle < 100; cycle++) {
      for (int i = 0; i < 2; i++) {
        changes += fails(Detail.INSTANCE_UNREACHABLE, .8).agreesWith(before) ? 0 : 1;
        before = hysteresis.said();
        pass(1.5);
      }
      for (int i = 0; i < 3; i++) {
        changes += holds().agreesWith(before) ? 0 : 1;
        before = hysteresis.said();
        pass(1);
      }
    }
    assertThat(changes).isEqualTo(1);
    assertThat(before.cause()).isEqualTo(Cause.INFRASTRUCTURE);
    assertThat(before.sentence()).startsWith("db is unstable: ").contains("It is broken.");
    for (int i = 0; i < 8; i++) {
      holds();
      pass(1);
    }
    assertThat(holds().detail()).isEqualTo(Detail.HEALTHY);
  }

  @Test
  void itIsRestlessForTenSecondsAfterAFailure() {
    assertThat(hysteresis.restless(now)).isFalse();
    fails(Detail.SERVER_REFUSING, .7);
    pass(9.9);
    assertThat(hysteresis.restless(now)).isTrue();
    pass(.2);
    assertThat(hysteresis.restless(now)).isFalse();
  }
}
