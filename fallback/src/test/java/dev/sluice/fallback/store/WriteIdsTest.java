package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WriteIdsTest {
  private static final long NOW = 1_800_000_000_000L;

  private final WriteIds ids = new WriteIds();

  @Test
  void laterOnesStandBehindEarlierOnes() {
    assertThat(ids.next(NOW + 1)).matches("[0-9a-f]{32}").isGreaterThan(ids.next(NOW));
    assertThat(ids.next(NOW).substring(0, 12)).isEqualTo("%012x".formatted(NOW));
  }

  @Test
  void thoseOfOneMomentAreNotAlike() {
    Set<String> made = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next(NOW).substring(12));
    }
    assertThat(made).hasSize(10_000);
  }
}
