package dev.sluice.probes.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Slower than on usual days: seen when it is so, and not when it is not. */
final class BaselineTest {
  private static final int DAYS = 3_000;

  private final SplittableRandom random = new SplittableRandom(7);

  /** As connections are: mostly alike, and some much slower. */
  private List<Double> connections(int count, double times) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              double usual = 4 * Math.exp(.4 * random.nextGaussian());
              double tail = random.nextInt(50) == 0 ? 8 : 1;
              return usual * tail * times;
            })
        .toList();
  }

  @Test
  void usualDaysAreNotSlow() {
    Baseline usual = Baseline.of(connections(2_000, 1));
    long wrong =
        IntStream.range(0, DAYS).filter(i -> usual.slower(connections(100, 1)) != null).count();
    assertThat(wrong).isLessThanOrEqualTo(3);
  }

  /** A machine that is busy for some seconds: a third of the connections wait for it. */
  @Test
  void aBusyMomentIsNotSlow() {
    Baseline usual = Baseline.of(connections(2_000, 1));
    List<Double> busy =
        IntStream.range(0, 100).mapToObj(i -> connections(1, i % 3 == 0 ? 1.8 : 1).get(0)).toList();
    assertThat(usual.slower(busy)).isNull();
  }

  @Test
  void threeTimesAsLongIsAlwaysSeen() {
    Baseline usual = Baseline.of(connections(2_000, 1));
    for (int i = 0; i < 500; i++) {
      assertThat(usual.slower(connections(100, 3))).contains("on usual days");
    }
  }

  @Test
  void aTailThatGrewIsSeenThoughTheMedianStays() {
    Baseline usual = Baseline.of(connections(2_000, 1));
    List<Double> some = IntStream.range(0, 100).mapToObj(i -> i % 10 == 0 ? 200.0 : 4.0).toList();
    assertThat(usual.slower(some)).contains("10 of 100 took longer than");
  }

  @Test
  void tooFewDaysTellNothing() {
    Baseline few = Baseline.of(connections(Baseline.FEWEST - 1, 1));
    assertThat(few.tells()).isFalse();
    assertThat(few.slower(connections(100, 30))).isNull();
  }

  @Test
  void whatIsWrittenIsRead() {
    Baseline usual = Baseline.of(connections(500, 1)).and(Baseline.of(List.of(0.0, 1e9)));
    Baseline again = Baseline.read(usual.written());
    assertThat(again).isNotNull();
    assertThat(again.total()).isEqualTo(502);
    assertThat(again.written()).isEqualTo(usual.written());
    assertThat(again.quantile(.95)).isEqualTo(usual.quantile(.95));
    assertThat(Baseline.read("")).isSameAs(Baseline.EMPTY);
    assertThat(List.of("x", "1:", "200:1", "1:2,", "1:999999999"))
        .allSatisfy(text -> assertThat(Baseline.read(text)).isNull());
  }
}
