package dev.sluice.probes.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Tier;
import dev.sluice.probes.verdict.Vantage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:00Z");
  private static final int INTERVAL = 5;

  private final List<String> told = new ArrayList<>();
  private final History history = new History(of -> told.add(of.subject() + " " + of.sentence()));
  private long second;

  private void climb(String id, long connect, long query) {
    history.climbed(
        new Climb(
            id,
            START.plusSeconds(second),
            Vantage.SHARED,
            List.of(
                Sample.good(id, Rung.DNS, Vantage.SHARED, 0),
                Sample.good(id, Rung.TCP, Vantage.SHARED, connect),
                Sample.good(id, Rung.SELECT_ONE, Vantage.SHARED, query))));
  }

  private void silence(String id) {
    history.climbed(
        new Climb(
            id,
            START.plusSeconds(second),
            Vantage.SHARED,
            List.of(Sample.bad(id, Rung.TCP, Vantage.SHARED, 1200, Signal.TIMEOUT, "silent"))));
  }

  private PathFigures figures(String id, Tier tier) {
    return history.figures().stream()
        .filter(of -> of.subject().equals(id) && of.tier() == tier)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void percentilesAreThoseOfTheLastMinutes() {
    for (int i = 1; i <= 60; i++, second += INTERVAL) {
      climb("db", i, 2);
    }
    PathFigures connect = figures("db", Tier.CONNECT);
    assertThat(connect.p50()).isEqualTo(31);
    assertThat(connect.p99()).isEqualTo(60);
    assertThat(connect.success()).isEqualTo(1);
    assertThat(figures("db", Tier.QUERY).p99()).isEqualTo(2);
    second += 600;
    climb("db", 7, 7);
    assertThat(figures("db", Tier.CONNECT).p99()).isEqualTo(7);
    assertThat(figures("db", Tier.CONNECT).hourP99()).isEqualTo(60);
    second += 3600;
    climb("db", 8, 8);
    assertThat(figures("db", Tier.CONNECT).hourP99()).isEqualTo(7);
  }

  @Test
  void whatFailedCountsAgainstItsTierAlone() {
    for (int i = 0; i < 10; i++, second += INTERVAL) {
      climb("db", 3, 3);
      if (i % 2 == 0) {
        silence("db");
      }
    }
    assertThat(figures("db", Tier.CONNECT).success()).isEqualTo(10 / 15.0);
    assertThat(figures("db", Tier.QUERY).success()).isEqualTo(1);
    assertThat(figures("db", Tier.CONNECT).p99()).isEqualTo(3);
  }

  @Test
  void whatIsGoneIsForgotten() {
    climb("db", 1, 1);
    climb("other", 1, 1);
    history.keep(Set.of("other"));
    assertThat(history.figures()).extracting(PathFigures::subject).containsOnly("other");
  }

  @Test
  void aClockThatIsSetBackHarmsNothing() {
    second = 100_000;
    climb("db", 5, 5);
    second = 0;
    climb("db", 900, 900);
    second = 100_001;
    climb("db", 6, 6);
    assertThat(figures("db", Tier.CONNECT).p99()).isEqualTo(6);
  }

  @Test
  void aSlowingConnectIsToldOnceInWords() {
    steady(60, 40);
    assertThat(told).isEmpty();
    steady(3, 900);
    second += INTERVAL;
    climb("db", 900, 2);
    assertThat(told).containsExactly("db degrading: p99 connect 40 ms -> 900 ms in 3 min");
    steady(10, 900);
    assertThat(told).hasSize(1);
    steady(6, 40);
    assertThat(figures("db", Tier.CONNECT).degrading()).isFalse();
    steady(5, 900);
    assertThat(told).as("another one").hasSize(2);
  }

  private void steady(int minutes, long connect) {
    for (int i = 0; i < minutes * 60 / INTERVAL; i++, second += INTERVAL) {
      climb("db", connect, 2);
    }
  }

  @Test
  void aLastingLevelBecomesTheUsualOne() {
    steady(60, 10);
    steady(250, 100);
    assertThat(told).hasSize(1);
    assertThat(figures("db", Tier.CONNECT).degrading()).isFalse();
    steady(60, 100);
    assertThat(told).hasSize(1);
  }

  /** Milliseconds with jitter, now and then a spike, and a slow day's wave. */
  private static long noisy(Random random, double base, long second) {
    double wave = 1 + .3 * Math.sin(2 * Math.PI * second / 86_400);
    double spike = random.nextInt(100) == 0 ? 10 : 1;
    return Math.round(base * wave * spike * Math.exp(.3 * random.nextGaussian()));
  }

  @Test
  void slowRampsAreToldFiveMinutesBeforeTheDeadlineIsMissed() {
    int early = 0;
    for (int seed = 0; seed < 10; seed++) {
      early += lead(new Random(seed)) >= 300 ? 1 : 0;
    }
    assertThat(early).isGreaterThanOrEqualTo(8);
  }

  /** Seconds from the warning to the first climb that misses its deadline of five seconds. */
  private static long lead(Random random) {
    HistoryTest world = new HistoryTest();
    double base = 5 + random.nextInt(60);
    long ramp = 900L + random.nextInt(1800);
    double power = random.nextBoolean() ? 1 : 3;
    long warned = -1;
    for (world.second = 0; world.second < 7200; world.second += INTERVAL) {
      world.climb("db", noisy(random, base, world.second), 2);
    }
    assertThat(world.told).isEmpty();
    for (long at = 0; ; at += INTERVAL, world.second += INTERVAL) {
      double part = Math.pow((double) at / ramp, power);
      long connect = Math.round(noisy(random, base, world.second) * (1 - part) + 5000 * part);
      if (connect >= 5000) {
        return warned < 0 ? -1 : at - warned;
      }
      world.climb("db", connect, 2);
      warned = warned < 0 && !world.told.isEmpty() ? at : warned;
    }
  }

  @Test
  void aWeekOfNoiseIsToldAtMostOnce() {
    Random random = new Random(7);
    for (second = 0; second < 7 * 86_400; second += INTERVAL) {
      boolean burst = second % 43_200 < 40;
      climb("db", noisy(random, 20, second) * (burst ? 5 : 1), noisy(random, 3, second));
    }
    assertThat(told).hasSizeLessThanOrEqualTo(1);
  }
}
