package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetryBudgetTest {
  private static final long NOW = TimeUnit.SECONDS.toNanos(-7);

  private static long taken(RetryBudget budget, int asked, long nanos) {
    return IntStream.range(0, asked).filter(i -> budget.take(nanos)).count();
  }

  @Test
  void threeASecondAreAlwaysThere() {
    RetryBudget budget = new RetryBudget();
    assertThat(taken(budget, 10, NOW)).isEqualTo(3);
    assertThat(taken(budget, 10, NOW + TimeUnit.MILLISECONDS.toNanos(999))).isZero();
    assertThat(taken(budget, 10, NOW + TimeUnit.SECONDS.toNanos(1))).isEqualTo(3);
    assertThat(taken(budget, 10, NOW + TimeUnit.SECONDS.toNanos(90))).isEqualTo(3);
  }

  @Test
  void aFifthOfTheRequestsIsEarned() {
    RetryBudget budget = new RetryBudget();
    taken(budget, 3, NOW);
    long taken = 0;
    for (int i = 0; i < 10_000; i++) {
      budget.request();
      taken += budget.take(NOW) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(2_000);
  }

  @Test
  void whatWasEarnedInQuietTimesIsBounded() {
    RetryBudget budget = new RetryBudget();
    IntStream.range(0, 1_000_000).forEach(i -> budget.request());
    assertThat(taken(budget, 1_000, NOW)).isEqualTo(103);
  }
}
