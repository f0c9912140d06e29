package dev.sluice.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.demo.lab.Fault.Trait;
import dev.sluice.demo.lab.Outcome.Back;
import dev.sluice.demo.lab.Outcome.Waits;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreTest {
  private static final Truth DOWN =
      Truth.database(Cause.INFRASTRUCTURE, Detail.INSTANCE_UNREACHABLE);
  private static final Fault FAULT = Fault.of("down", "it is down", cell -> {}, DOWN);

  private static Verdict verdict(Cause cause, Detail detail, double confidence) {
    return new Verdict(
        "orders-db", cause, detail, confidence, List.of(), "", "", "", Instant.EPOCH, null);
  }

  private static Course course(Truth truth, Object... glances) {
    Course course = new Course(truth);
    for (int i = 0; i < glances.length; i += 2) {
      course.add((double) glances[i], (Verdict) glances[i + 1]);
    }
    return course;
  }

  private static Outcome outcome(Fault fault, Course course, double opened) {
    return new Outcome(
        fault, 0, false, List.of(course.judged()), opened, Back.NONE, Waits.NONE, "");
  }

  private static final Verdict RIGHT =
      verdict(Cause.INFRASTRUCTURE, Detail.INSTANCE_UNREACHABLE, .8);
  private static final Verdict UNSURE =
      verdict(Cause.INFRASTRUCTURE, Detail.INSTANCE_UNREACHABLE, .7);
  private static final Verdict WRONG = verdict(Cause.APPLICATION, Detail.SCHEMA, .9);
  private static final Verdict OTHER_DETAIL =
      verdict(Cause.INFRASTRUCTURE, Detail.SERVER_REFUSING, .8);

  @Test
  void theVerdictStandsFromWhereItIsRightAndSureToTheEnd() {
    Course course = course(DOWN, 0.5, UNSURE, 1.5, RIGHT, 2.5, WRONG, 4.0, UNSURE, 6.0, RIGHT);
    assertThat(course.judged().after()).isEqualTo(6.0);
    assertThat(course.judged().wronged()).isEqualTo(.9);
    assertThat(course.settled(7.9)).isFalse();
    assertThat(course.settled(8.1)).isTrue();
  }

  @Test
  void aVerdictThatNeverBecomesSureStandsFromItsFirstMomentButIsWaitedFor() {
    Course course = course(DOWN, 0.5, UNSURE);
    assertThat(course.judged().after()).isEqualTo(0.5);
    assertThat(course.settled(5)).isFalse();
    assertThat(course.settled(9)).isTrue();
  }

  @Test
  void aWrongEndHasNoTime() {
    assertThat(course(DOWN, 0.5, RIGHT, 9.0, WRONG).judged().after()).isNaN();
  }

  @Test
  void sharesAndTheMatrixCountEachRound() {
    Score score =
        new Score(
            List.of(
                outcome(FAULT, course(DOWN, 1.0, RIGHT), Double.NaN),
                outcome(FAULT, course(DOWN, 1.0, OTHER_DETAIL), Double.NaN),
                outcome(FAULT, course(DOWN, 1.0, WRONG), Double.NaN),
                Outcome.troubled(FAULT, 3, true, "no server")));
    assertThat(score.causeShare()).isEqualTo(.5);
    assertThat(score.detailShare()).isEqualTo(.25);
    assertThat(score.wronged()).isEqualTo(1);
    assertThat(score.confusion().get(Cause.INFRASTRUCTURE))
        .containsEntry(Cause.INFRASTRUCTURE, 2)
        .containsEntry(Cause.APPLICATION, 1);
    assertThat(score.tallies()).containsExactly(new Score.Tally("down", 4, 2, 1));
  }

  @Test
  void calibrationIsTheDistanceOfSureAndRight() {
    Score right = new Score(List.of(outcome(FAULT, course(DOWN, 1.0, RIGHT), Double.NaN)));
    assertThat(right.calibrationError()).isCloseTo(.2, within(1e-9));
    Score wrong = new Score(List.of(outcome(FAULT, course(DOWN, 1.0, WRONG), Double.NaN)));
    assertThat(wrong.calibrationError()).isCloseTo(.9, within(1e-9));
  }

  @Test
  void aBreakerThatOpensForSomethingHarmlessIsWrong() {
    Truth well = Truth.database(Cause.NONE, Detail.HEALTHY);
    Fault calm = Fault.of("calm", "nothing", cell -> {}, well).with(Trait.HARMLESS);
    Course course = course(well, 0.0, Verdict.healthy("orders-db", Instant.EPOCH));
    assertThat(outcome(calm, course, Double.NaN).causesRight()).isTrue();
    assertThat(outcome(calm, course, 4).causesRight()).isFalse();
  }

  @Test
  void brokenBarsAreTold() {
    Score score = new Score(List.of(outcome(FAULT, course(DOWN, 20.0, RIGHT), Double.NaN)));
    List<Bar> bars = Bar.of(score, List.of());
    assertThat(bars)
        .filteredOn(bar -> !bar.holds())
        .extracting(Bar::name)
        .containsExactlyInAnyOrder("calibration error", "seconds to the verdict, idle, p95");
    assertThat(Bar.of(score, List.of("one"))).filteredOn(bar -> !bar.holds()).hasSize(3);
    assertThat(new Report(score, bars).lines())
        .anyMatch(
            line -> line.startsWith("seconds to the verdict, idle") && line.endsWith("BROKEN"))
        .anyMatch(
            line ->
                line.startsWith("seconds to the verdict, with traffic")
                    && line.endsWith("not measured"));
  }

  @Test
  void waitsAreToldApartByTheOpeningOfTheBreaker() {
    List<Load.Answer> answers =
        List.of(
            new Load.Answer(-5, 9_000, 200),
            new Load.Answer(1_000_000_000L, 2_500, 200),
            new Load.Answer(3_000_000_000L, 8, 200),
            new Load.Answer(4_000_000_000L, 12, 503));
    Waits waits = Waiting.of(answers, 0, 2);
    assertThat(waits).isEqualTo(new Waits(2_500, 12, 1, 4));
    assertThat(Waiting.of(answers, 0, Double.NaN).longestBefore()).isEqualTo(2_500);
  }
}
