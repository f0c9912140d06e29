package dev.sluice.probes.breaker;

import static dev.sluice.probes.breaker.Feeding.DB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Breaker;
import dev.sluice.config.Breaker.Learning;
import dev.sluice.config.Breaker.LearningMode;
import dev.sluice.config.Configuration;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Outages in virtual time, a climb a second, and what the breaker makes of them. */
class ExperienceTest {
  private final AtomicLong nanos = new AtomicLong(1L << 40);
  private final List<Lesson> lessons = new ArrayList<>();
  private Breakers breakers;
  private Experience experience;

  private void begin(LearningMode mode) {
    breakers =
        new Breakers(
            configuration(mode),
            InstantSource.fixed(Feeding.NOW),
            nanos::get,
            move -> experience.moved(move));
    experience = new Experience(breakers, nanos::get, lessons::add);
  }

  private static Configuration configuration(LearningMode mode) {
    Breaker file =
        new Breaker(
            4,
            Duration.ofSeconds(30),
            3,
            3,
            Duration.ofSeconds(4),
            new Learning(mode, 2, 8, Duration.ofSeconds(5), Duration.ofMinutes(2)));
    return Settings.with(Settings.of("10.0.0.9", Settings.dependency("db", true)), file);
  }

  private void climbs(boolean ok, Vantage vantage, int seconds) {
    for (int i = 0; i < seconds; i++) {
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      Climb climb =
          ok
              ? new Climb(
                  "db", Feeding.NOW, vantage, List.of(Sample.good("db", Rung.TCP, vantage, 1)))
              : Feeding.climb(vantage, Rung.TCP, Signal.REFUSED, null);
      breakers.climbed(climb, Feeding.verdict(Cause.INFRASTRUCTURE, Detail.SERVER_REFUSING));
      experience.climbed(climb);
      breakers.tick();
    }
  }

  /** Down for so long once the breaker is open, then well until it is closed. */
  private void outage(int seconds) {
    int opens = breakers.learnt("db").failures();
    climbs(false, Vantage.AGENT, 8 + seconds);
    assertThat(opens).isLessThanOrEqualTo(8);
    assertThat(breakers.state("db")).isEqualTo(BreakerState.OPEN);
    climbs(true, Vantage.AGENT, 60);
    assertThat(breakers.state("db")).isEqualTo(BreakerState.CLOSED);
    nanos.addAndGet(Duration.ofMinutes(20).toNanos());
  }

  private int failuresThatOpen() {
    for (int i = 1; ; i++) {
      climbs(false, Vantage.AGENT, 1);
      if (breakers.state("db") == BreakerState.OPEN) {
        return i;
      }
    }
  }

  @Test
  void lastingOutagesOpenSooner() {
    begin(LearningMode.ON);
    outage(120);
    outage(120);
    assertThat(lessons).extracting(lesson -> lesson.learned().failures()).containsExactly(3, 2);
    assertThat(lessons.get(0).change())
        .startsWith("it opens after 3 failures in a row instead of 4 and it is tried after")
        .contains("because the outage lasted 2 min 4 s");
    assertThat(failuresThatOpen()).isEqualTo(2);
  }

  @Test
  void falseOpeningsOpenLater() {
    begin(LearningMode.ON);
    climbs(false, Vantage.AGENT, 4);
    climbs(true, Vantage.AGENT, 60);
    assertThat(lessons).singleElement().matches(lesson -> lesson.learned().falseOpenings() == 1);
    nanos.addAndGet(Duration.ofMinutes(20).toNanos());
    assertThat(failuresThatOpen()).isEqualTo(6);
  }

  @Test
  void aLiveRequestThatSucceedsMeanwhileShowsThatItWasFalse() {
    begin(LearningMode.ON);
    climbs(false, Vantage.GATEWAY, 40);
    assertThat(breakers.canary("orders", DB)).isTrue();
    breakers.served(DB);
    for (int i = 0; i < 3; i++) {
      breakers.permit("orders", DB).succeeded();
    }
    for (int i = 0; i < 5; i++) {
      breakers.served(DB);
      climbs(false, Vantage.GATEWAY, 1);
    }
    assertThat(breakers.state("db")).isEqualTo(BreakerState.CLOSED);
    assertThat(lessons).singleElement().matches(lesson -> lesson.learned().failures() == 6);
    assertThat(lessons.get(0).change()).contains("requests succeeded while its probes failed");
  }

  @Test
  void aDryRunSaysItAndChangesNothing() {
    begin(LearningMode.DRY_RUN);
    outage(120);
    outage(120);
    assertThat(lessons).hasSize(2).allMatch(Lesson::dry);
    assertThat(lessons.get(1).change())
        .startsWith("it opens after 2 failures in a row instead of 3");
    assertThat(failuresThatOpen()).isEqualTo(4);
  }

  @Test
  void switchedOffItLearnsNothing() {
    begin(LearningMode.OFF);
    outage(120);
    assertThat(lessons).isEmpty();
    assertThat(failuresThatOpen()).isEqualTo(4);
  }

  @Test
  void whatAnEarlierRunLearntIsGoneByUntilThisOneKnowsBetter() {
    begin(LearningMode.ON);
    Learned earlier =
        new Learned(2, Duration.ofSeconds(60), 7, 0, Duration.ofMinutes(4), Duration.ofMillis(3));
    experience.recall("db", earlier);
    experience.recall("unknown", earlier);
    assertThat(failuresThatOpen()).isEqualTo(2);
    climbs(true, Vantage.AGENT, 60);
    assertThat(lessons).singleElement().matches(lesson -> lesson.learned().outages() == 8);
    experience.recall("db", earlier);
    assertThat(breakers.learnt("db").outages()).isEqualTo(8);
  }

  @Test
  void anotherConfigurationKeepsWhatWasLearntOfADependencyThatIsStillThere() {
    begin(LearningMode.ON);
    outage(120);
    breakers.follow(configuration(LearningMode.ON), Set.of());
    assertThat(failuresThatOpen()).isEqualTo(3);
    breakers.follow(configuration(LearningMode.OFF), Set.of());
    assertThat(failuresThatOpen()).isEqualTo(4);
  }
}
