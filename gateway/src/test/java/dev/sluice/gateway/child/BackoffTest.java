package dev.sluice.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void pausesDoubleUpToAMinuteAndBeginAnewAfterALongRun() {
    List<Long> seconds = new ArrayList<>();
    Backoff backoff = Backoff.NONE;
    for (int i = 0; i < 40; i++) {
      backoff = backoff.after(Duration.ofSeconds(59));
      seconds.add(backoff.pause().toSeconds());
    }
    assertThat(seconds).startsWith(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L).endsWith(60L);
    assertThat(backoff.after(Duration.ofSeconds(60)).pause()).isEqualTo(Duration.ofSeconds(1));
  }
}
