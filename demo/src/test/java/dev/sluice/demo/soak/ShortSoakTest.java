package dev.sluice.demo.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A few seconds of the soak, always the same. */
@Timeout(120)
class ShortSoakTest {
  private static final long SEED = 42;
  private static final int CONNECTIONS = 10;

  @Test
  void nothingWrongComesThroughAndNothingIsLeft() throws Exception {
    try (Soak soak = new Soak(SEED)) {
      soak.round(CONNECTIONS, () -> true);
      System.out.println(Summary.of(soak.rig.ledger, SEED));
      assertThat(soak.rig.ledger.violations()).isEmpty();
      soak.requireWhole();
      soak.requirePermits();
      soak.requireEmpty();
      soak.requireEach(1);
      assertThat(soak.rig.ledger.violations()).isEmpty();
    }
  }
}
