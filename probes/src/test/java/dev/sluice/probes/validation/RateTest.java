package dev.sluice.probes.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RateTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** By the F distribution, as tables of the bounds have them. */
  @Test
  void boundsAreThoseOfClopperAndPearson() {
    assertThat(new Rate(0, 100).most()).isCloseTo(.0295, within(.0001));
    assertThat(new Rate(0, 100).least()).isZero();
    assertThat(new Rate(5, 100).least()).isCloseTo(.0199, within(.0001));
    assertThat(new Rate(5, 100).most()).isCloseTo(.1022, within(.0001));
    assertThat(new Rate(10, 10).most()).isEqualTo(1);
    assertThat(new Rate(10, 10).least()).isCloseTo(.7411, within(.0001));
    assertThat(new Rate(0, 0).share()).isZero();
  }

  @Test
  void ratesAreToldWithTheirConfidence() {
    assertThat(new Rate(0, 100).sentence()).isEqualTo("0 of 100 failed: under 3.0 %");
    assertThat(new Rate(20, 100).sentence()).isEqualTo("20 of 100 failed: 20.0 % (13.7 to 27.7)");
  }

  /** As the trial goes on: it ends where the result is certain, and is longer where it is open. */
  private static Outcome connects(SplittableRandom random, double failing, Suite suite) {
    Rate rate = new Rate(0, 0);
    int wanted = suite.connects();
    while (rate.tries() < wanted && !Connects.tooMany(rate, Limits.USUAL)) {
      int fails = random.nextDouble() < failing ? 1 : 0;
      rate = new Rate(rate.failed() + fails, rate.tries() + 1);
      boolean longer = rate.tries() == suite.connects() && Connects.open(rate, Limits.USUAL);
      wanted = longer ? suite.mostConnects() : wanted;
    }
    return Connects.judged("db", rate, wanted, List.of(2.0), Map.of(), Limits.USUAL, SECOND)
        .outcome();
  }

  @Test
  void aHealthyWayIsNotCalledBroken() {
    SplittableRandom random = new SplittableRandom(7);
    int wrong = 0;
    for (int i = 0; i < 3_000; i++) {
      wrong += connects(random, .0005, Suite.QUICK) == Outcome.PASSED ? 0 : 1;
    }
    assertThat(wrong).isLessThanOrEqualTo(3);
  }

  @Test
  void oneInTwentyIsFoundByTheFullSuiteAndOneInFiveByTheQuickOne() {
    SplittableRandom random = new SplittableRandom(8);
    int full = 0;
    int quick = 0;
    for (int i = 0; i < 3_000; i++) {
      full += connects(random, .05, Suite.FULL) == Outcome.FAILED ? 1 : 0;
      quick += connects(random, .2, Suite.QUICK) == Outcome.FAILED ? 1 : 0;
    }
    assertThat(full).isGreaterThanOrEqualTo(2_970);
    assertThat(quick).isEqualTo(3_000);
  }

  @Test
  void whatIsSlowIsNotFixed() {
    List<Double> slow = List.of(700.0, 800.0);
    Step step = Connects.judged("db", new Rate(0, 100), 100, slow, Map.of(), Limits.USUAL, SECOND);
    assertThat(step.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(step.sentence())
        .isEqualTo(
            "0 of 100 failed: under 3.0 %; p50 700.0, p95 800.0, p99 800.0 ms; more than 500 ms");
  }

  @Test
  void whatThereWasNoTimeForIsNotProven() {
    Step step =
        Connects.judged(
            "db",
            new Rate(1, 8),
            100,
            List.of(2.0),
            Map.of("tcp timeout", 1),
            new Limits(.2, SECOND),
            SECOND);
    assertThat(step.outcome()).isEqualTo(Outcome.UNPROVEN);
    assertThat(step.sentence()).contains("[1 x tcp timeout]", "no time for 100");
  }

  @Test
  void oneFailureIsEnoughAndNothingProvesNothing() {
    Step good = Step.of("a", "db", Outcome.PASSED, "", SECOND);
    Step bad = Step.of("b", "db", Outcome.FAILED, "", SECOND);
    Step open = Step.of("c", "db", Outcome.UNPROVEN, "", SECOND);
    assertThat(Ruling.of(List.of())).isEqualTo(Ruling.NOT_PROVEN);
    assertThat(Ruling.of(List.of(good))).isEqualTo(Ruling.FIXED);
    assertThat(Ruling.of(List.of(good, open))).isEqualTo(Ruling.NOT_PROVEN);
    assertThat(Ruling.of(List.of(open, bad, good))).isEqualTo(Ruling.NOT_FIXED);
  }
}
