package dev.sluice.demo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForegroundTest {
  @Test
  void theGroupInFrontOfTheTerminalMayRead() {
    assertThat(Foreground.inFront("77 (a b) c) S 1 77 50 34816 77 0 0")).isTrue();
  }

  @Test
  void aGroupInTheBackgroundWaits() {
    assertThat(Foreground.inFront("77 (java) S 1 77 50 34816 50 0 0")).isFalse();
  }

  @Test
  void withoutATerminalOfItsOwnNobodyStopsIt() {
    assertThat(Foreground.inFront("77 (java) S 1 77 50 0 -1 0 0")).isTrue();
  }
}
