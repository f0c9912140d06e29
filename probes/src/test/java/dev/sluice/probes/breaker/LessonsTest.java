package dev.sluice.probes.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Breaker;
import dev.sluice.config.Breaker.Learning;
import dev.sluice.config.Breaker.LearningMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LessonsTest {
  private static final Breaker FILE =
      new Breaker(
          5,
          Duration.ofSeconds(30),
          3,
          3,
          Duration.ofSeconds(8),
          new Learning(LearningMode.ON, 3, 10, Duration.ofSeconds(5), Duration.ofMinutes(2)));

  private static Outage lasting(Duration length) {
    return new Outage(length, false, Duration.ofMillis(5));
  }

  private static Learned after(Outage... outages) {
    Learned learned = Learned.nothing(FILE);
    for (Outage outage : outages) {
      learned = Lessons.after(learned, outage, FILE);
    }
    return learned;
  }

  @Test
  void aFalseOpeningAsksForHalfAsManyFailuresMore() {
    Outage brief = lasting(Duration.ofSeconds(1));
    Learned learned = after(brief);
    assertThat(learned.failures()).isEqualTo(7);
    assertThat(learned.retryAfter()).isEqualTo(FILE.retryAfter());
    assertThat(learned.falseOpenings()).isEqualTo(1);
    assertThat(Lessons.explain(Learned.nothing(FILE), learned, brief))
        .isEqualTo(
            "it opens after 7 failures in a row instead of 5, because the outage was over within"
                + " 1.0 s (false openings so far: 1 of 1)");
  }

  @Test
  void requestsThatSucceedMeanwhileMakeItFalseHoweverLong() {
    Outage contradicted = new Outage(Duration.ofMinutes(9), true, Duration.ZERO);
    Learned learned = after(contradicted);
    assertThat(learned.failures()).isEqualTo(7);
    assertThat(learned.typical()).isZero();
    assertThat(Lessons.explain(Learned.nothing(FILE), learned, contradicted))
        .endsWith(
            "because requests succeeded while its probes failed"
                + " (false openings so far: 1 of 1)");
  }

  @Test
  void aLastingOutageOpensSoonerAndNeverBelowTheBound() {
    Outage real = lasting(Duration.ofMinutes(2));
    assertThat(after(real).failures()).isEqualTo(4);
    assertThat(after(real, real, real, real, real).failures()).isEqualTo(3);
    Outage brief = lasting(Duration.ZERO);
    Learned wary = after(brief, brief, brief, brief);
    assertThat(wary.failures()).isEqualTo(7);
    double opened = 5.5 + 1.2 + (wary.failures() - 1) * 1.2 * 1.1;
    assertThat(opened).as("seconds to an open breaker in a black hole").isLessThan(15);
  }

  @Test
  void anOutageOfSomeSecondsChangesNoThreshold() {
    assertThat(after(lasting(Duration.ofSeconds(12))).failures()).isEqualTo(5);
  }

  @Test
  void itIsTriedAfterAQuarterOfWhatOutagesLastStepByStep() {
    Outage restart = lasting(Duration.ofSeconds(24));
    assertThat(after(restart).retryAfter()).isEqualTo(Duration.ofSeconds(15));
    assertThat(after(restart, restart).retryAfter()).isEqualTo(Duration.ofMillis(7_500));
    assertThat(after(restart, restart, restart).retryAfter()).isEqualTo(Duration.ofSeconds(6));
    Outage hours = lasting(Duration.ofHours(3));
    assertThat(after(hours).retryAfter()).isEqualTo(Duration.ofMinutes(1));
    assertThat(after(hours, hours, hours).retryAfter()).isEqualTo(Duration.ofMinutes(2));
    Outage seconds = lasting(Duration.ofSeconds(5));
    assertThat(after(seconds, seconds, seconds, seconds).retryAfter())
        .isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void whereAFailedProbeTakesLongFewerAreWaitedFor() {
    Outage slow = new Outage(Duration.ofSeconds(10), false, Duration.ofMillis(2_500));
    Learned learned = after(slow);
    assertThat(learned.failures()).isEqualTo(3);
    assertThat(Lessons.explain(Learned.nothing(FILE), learned, slow))
        .contains("it opens after 3 failures in a row instead of 5")
        .contains("a failed probe takes 2.5 s");
    assertThat(after(slow, lasting(Duration.ZERO)).failures()).isEqualTo(5);
  }

  @Test
  void whatChangesNothingIsNotExplained() {
    Outage outage = lasting(Duration.ofMinutes(2));
    Learned same = Learned.nothing(FILE);
    assertThat(Lessons.explain(same, same, outage)).isEmpty();
  }

  @Test
  void whatWasLearntIsWrittenAndReadAgain() {
    Learned learned = after(lasting(Duration.ofSeconds(40)), lasting(Duration.ZERO));
    assertThat(Learned.read(learned.written())).isEqualTo(learned);
    assertThat(Learned.read("")).isNull();
    assertThat(Learned.read(learned.written().replace("PT", "P"))).isNull();
    assertThat(Learned.read(learned.written() + " more=1")).isNull();
  }

  @Test
  void theFilesBoundsHoldForWhatWasLearntUnderOthers() {
    Learned far = new Learned(500, Duration.ofHours(9), 1, 0, Duration.ZERO, Duration.ZERO);
    Breaker applied = Learned.apply(far, FILE);
    assertThat(applied.failures()).isEqualTo(10);
    assertThat(applied.retryAfter()).isEqualTo(Duration.ofMinutes(2));
    assertThat(Learned.apply(null, FILE)).isEqualTo(FILE);
  }
}
