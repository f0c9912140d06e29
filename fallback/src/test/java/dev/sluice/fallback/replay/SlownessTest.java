package dev.sluice.fallback.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlownessTest {
  private final Slowness slowness = new Slowness();

  private boolean window(int millis, int size) {
    boolean slow = false;
    for (int i = 0; i < size; i++) {
      assertThat(slow).as("before the window is whole").isFalse();
      slow = slowness.slow(Duration.ofMillis(millis), size);
    }
    return slow;
  }

  @Test
  void twiceAsLongAsUsualIsSlow() {
    assertThat(window(100, 1)).isFalse();
    assertThat(window(180, 4)).isFalse();
    assertThat(window(250, 4)).isTrue();
    assertThat(window(100, 2)).isFalse();
  }

  @Test
  void someMillisecondsSayNothing() {
    assertThat(window(10, 1)).isFalse();
    assertThat(window(55, 4)).isFalse();
    assertThat(window(65, 4)).isTrue();
  }

  @Test
  void aBackendThatStaysSlowerIsUsualInTheEnd() {
    window(100, 1);
    boolean slow = true;
    for (int i = 0; i < 100 && slow; i++) {
      slow = window(300, 1);
    }
    assertThat(slow).isFalse();
  }
}
