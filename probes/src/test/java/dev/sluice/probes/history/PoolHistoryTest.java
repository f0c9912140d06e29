package dev.sluice.probes.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.verdict.PoolFigures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoolHistoryTest {
  private final List<PoolSeries> told = new ArrayList<>();
  private final PoolHistory history = new PoolHistory(told::add);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private void minutes(int minutes, int used, int waiting) {
    for (int i = 0; i < minutes * 12; i++) {
      history.told("orders", new PoolFigures(used, used, 0, 10, waiting), now);
      now = now.plusSeconds(5);
    }
  }

  private PoolSeries orders() {
    return history.series().get(0);
  }

  @Test
  void fiveMinutesAndTheHourAreTold() {
    minutes(30, 2, 0);
    minutes(1, 6, 1);
    assertThat(orders().p50()).isEqualTo(2);
    assertThat(orders().p99()).isEqualTo(6);
    assertThat(orders().waiting()).isEqualTo(1);
    minutes(20, 2, 0);
    assertThat(orders().p99()).isEqualTo(2);
    assertThat(orders().max()).isEqualTo(10);
  }

  @Test
  void aPoolThatRunsShortIsToldOnceAndBeforeAnybodyWaits() {
    minutes(10, 3, 0);
    assertThat(told).isEmpty();
    minutes(6, 9, 0);
    assertThat(told)
        .singleElement()
        .satisfies(
            series ->
                assertThat(series.sentence())
                    .isEqualTo(
                        "degrading: 9 of 10 pooled connections in use, median of 5 min, up to 0"
                            + " callers wait"));
    minutes(10, 2, 0);
    assertThat(orders().degrading()).isFalse();
    minutes(6, 9, 0);
    assertThat(told).hasSize(2);
  }

  @Test
  void aBriefWaveIsNoNews() {
    minutes(10, 3, 0);
    minutes(2, 10, 4);
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsGoneIsForgotten() {
    minutes(1, 3, 0);
    history.keep(Set.of("stock"));
    assertThat(history.series()).isEmpty();
  }
}
