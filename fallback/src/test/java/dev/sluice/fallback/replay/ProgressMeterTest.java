package dev.sluice.fallback.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private final ProgressMeter meter = new ProgressMeter();

  private void endAt(int second, int writes) {
    for (int i = 0; i < writes; i++) {
      meter.ended(START.plusSeconds(second));
    }
  }

  @Test
  void nothingMovesUntilSomethingEnds() {
    assertThat(meter.figures(START, 0)).isEqualTo(Progress.NONE);
    assertThat(meter.figures(START, 9)).isEqualTo(new Progress(0, 9, 0, null));
  }

  @Test
  void theRateIsThatOfTheTimeSinceItBegan() {
    endAt(0, 10);
    endAt(1, 20);
    assertThat(meter.figures(START.plusSeconds(1), 45))
        .isEqualTo(new Progress(30, 45, 15, Duration.ofSeconds(3)));
  }

  @Test
  void whatIsLongerAgoThanHalfAMinuteIsNoRate() {
    endAt(0, 300);
    endAt(31, 30);
    Progress progress = meter.figures(START.plusSeconds(31), 10);
    assertThat(progress.done()).isEqualTo(330);
    assertThat(progress.perSecond()).isEqualTo(1);
    assertThat(progress.remaining()).isEqualTo(Duration.ofSeconds(10));
    assertThat(meter.figures(START.plusSeconds(99), 10).remaining()).isNull();
  }

  @Test
  void theNextOutageIsCountedAnew() {
    endAt(0, 300);
    meter.drained();
    endAt(60, 4);
    assertThat(meter.figures(START.plusSeconds(60), 1))
        .isEqualTo(new Progress(4, 1, 4, Duration.ofSeconds(1)));
  }
}
