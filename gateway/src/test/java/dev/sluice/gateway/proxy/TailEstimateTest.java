package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TailEstimateTest {
  /** Exponential durations, whose 99th percentile is 4.6 times their mean. */
  private static double share(TailEstimate tail, SplittableRandom random, double meanMillis) {
    long above = 0;
    for (int i = 0; i < 20_000; i++) {
      double millis = -meanMillis * Math.log(1 - random.nextDouble());
      long nanos = (long) (millis * TimeUnit.MILLISECONDS.toNanos(1));
      above += nanos > tail.nanos() ? 1 : 0;
      tail.add(nanos);
    }
    return above / 20_000.0;
  }

  @Test
  void oneInAHundredIsLonger() {
    SplittableRandom random = new SplittableRandom(11);
    TailEstimate tail = new TailEstimate(TimeUnit.MILLISECONDS.toNanos(125));
    share(tail, random, 3);
    assertThat(share(tail, random, 3)).isBetween(.007, .013);
    assertThat(tail.nanos()).isBetween(millis(9), millis(21));
  }

  @Test
  void itFollowsAChangeOfScaleBothWays() {
    SplittableRandom random = new SplittableRandom(12);
    TailEstimate tail = new TailEstimate(TimeUnit.MILLISECONDS.toNanos(125));
    share(tail, random, 400);
    assertThat(tail.nanos()).isBetween(millis(1200), millis(2800));
    share(tail, random, 1);
    assertThat(tail.nanos()).isBetween(millis(3), millis(7));
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
