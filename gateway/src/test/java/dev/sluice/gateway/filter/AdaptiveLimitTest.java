package dev.sluice.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Backend.Concurrency;
import dev.sluice.gateway.filter.Samples.Window;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The limit before a backend that is a formula: ticks of 100 ms, no clock. */
class AdaptiveLimitTest {
  private double base = 20;
  private final AdaptiveLimit limit = adaptive(5, 500);

  private static AdaptiveLimit adaptive(int least, int most) {
    return new AdaptiveLimit(new Concurrency(true, least, most, 100, Duration.ofSeconds(1)));
  }

  /** Latency of a backend that works on so many at once, the rest queueing inside it. */
  private double millis(int among, int capacity) {
    return base * Math.max(1, (double) among / capacity);
  }

  /** So many ticks in which as many requests are wanted as there are slots, or {@code wanted}. */
  private int ticks(int count, int wanted, int capacity) {
    for (int i = 0; i < count; i++) {
      int among = Math.min(wanted, limit.limit());
      double took = millis(among, capacity);
      long answers = Math.max(1, (long) (among * 100 / took));
      limit.learn(new Window(answers, (long) (took * 1_000_000 * answers), among * answers, 0));
    }
    return limit.limit();
  }

  @Test
  void growsWhileLatencyStaysAndSettlesWhereItRises() {
    ticks(100, 10, 40);
    assertThat(ticks(600, 1000, 40)).isBetween(40, 100);
  }

  /** The long mean follows the overload: in five minutes the limit must not run away. */
  @Test
  void anOverloadOfMinutesMovesItLittle() {
    ticks(100, 10, 40);
    assertThat(ticks(3000, 1000, 40)).isBetween(40, 130);
  }

  @Test
  void followsABackendThatBecomesSlowerAndRecovers() {
    ticks(100, 10, 40);
    ticks(600, 1000, 40);
    assertThat(ticks(200, 1000, 10)).isLessThan(30);
    assertThat(ticks(600, 1000, 40)).isGreaterThan(35);
  }

  /** Slow for another reason than load, for ever: no throttle that lasts. */
  @Test
  void aBackendThatIsSlowWhateverItIsSentIsNotThrottledForLong() {
    ticks(600, 1000, 1_000_000);
    base = 100;
    assertThat(ticks(50, 1000, 1_000_000)).isLessThan(50);
    assertThat(ticks(600, 1000, 1_000_000)).isGreaterThan(150);
  }

  @Test
  void aQuietBackendKeepsItsLimit() {
    ticks(300, 60, 400);
    int before = limit.limit();
    for (int i = 0; i < 3000; i++) {
      limit.learn(new Window(1, (1 + i % 5) * 10_000_000L, 1, 0));
      limit.learn(new Window(0, 0, 0, 0));
    }
    assertThat(limit.limit()).isEqualTo(before).isGreaterThan(25);
  }

  @Test
  void dropsBrakeItAndAreForgottenWithinTwoSeconds() {
    ticks(600, 1000, 100);
    int before = limit.limit();
    for (int i = 0; i < 100; i++) {
      limit.learn(new Window(0, 0, 0, 5));
    }
    assertThat(limit.limit()).isLessThan(before / 5);
    for (int i = 0; i < 20; i++) {
      limit.learn(new Window(0, 0, 0, 0));
    }
    assertThat(limit.limit()).isEqualTo(before);
  }

  @Test
  void aDropAmongManyAnswersChangesNothing() {
    ticks(600, 1000, 100);
    int before = limit.limit();
    for (int i = 0; i < 50; i++) {
      limit.learn(new Window(100, 100 * 20_000_000L, 100, 1));
    }
    assertThat(limit.limit()).isEqualTo(before);
  }

  @Test
  void staysWithinItsBounds() {
    AdaptiveLimit narrow = adaptive(3, 8);
    assertThat(narrow.limit()).isEqualTo(8);
    for (int i = 0; i < 200; i++) {
      narrow.learn(new Window(10, 10 * 1_000_000L * (1L << Math.min(20, i)), 80, 10));
    }
    assertThat(narrow.limit()).isEqualTo(3);
  }
}
