package dev.sluice.demo.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the proof takes for true, and what it does not let pass. */
final class HistoryTest {
  private final History order = new History(7);

  @Test
  void whatWasNeverSentIsWrong() {
    assertThat(order.age("o7-v1", 0, true)).isEqualTo(-1);
    order.begin();
    assertThat(order.age("o7-v1", 0, true)).isZero();
    assertThat(order.age("o8-v1", 0, true)).isEqualTo(-1);
    assertThat(order.age("tea", 0, true)).isEqualTo(-1);
    assertThat(order.age("o7-v2", 0, true)).isEqualTo(-1);
  }

  @Test
  void anOutdatedAnswerIsStaleFromACopyAndWrongFromTheBackend() {
    order.done(order.begin(), 100);
    order.done(order.begin(), 200);
    assertThat(order.age("o7-v1", 150, false)).isZero();
    assertThat(order.age("o7-v1", 260, true)).isEqualTo(60);
    assertThat(order.age("o7-v1", 260, false)).isEqualTo(-1);
    assertThat(order.age("o7-v2", 260, false)).isZero();
  }

  @Test
  void aHeldChangeOutdatesNothingUntilItIsDoneAndMayNotBeLost() {
    order.done(order.begin(), 100);
    order.held(order.begin());
    assertThat(order.age("o7-v1", 500, false)).isZero();
    assertThat(order.mayEndWith("o7-v1")).isFalse();
    assertThat(order.mayEndWith("o7-v2")).isTrue();
    order.begin();
    assertThat(order.mayEndWith("o7-v3")).as("not answered, perhaps done").isTrue();
    assertThat(order.mayEndWith("nothing")).isFalse();
  }

  @Test
  void outagesFillHalfOfTheTimeAndAreTheSameForASeed() {
    Duration time = Duration.ofMinutes(5);
    List<Outages.Outage> outages = Outages.over(time, new SplittableRandom(3));
    Duration broken =
        outages.stream().map(Outages.Outage::lasts).reduce(Duration.ZERO, Duration::plus);
    assertThat(broken).isBetween(Duration.ofSeconds(142), Duration.ofSeconds(150));
    assertThat(Outages.over(time, new SplittableRandom(3))).isEqualTo(outages);
  }

  @Test
  void theFirstRankIsAskedForMost() {
    Zipf popularity = new Zipf(100);
    SplittableRandom random = new SplittableRandom(1);
    int[] asked = new int[100];
    for (int i = 0; i < 100_000; i++) {
      asked[popularity.next(random)]++;
    }
    assertThat(asked[0]).isBetween(18_000, 21_000);
    assertThat(asked[1]).isBetween(9_000, 10_500);
    assertThat(asked[99]).isPositive();
  }
}
