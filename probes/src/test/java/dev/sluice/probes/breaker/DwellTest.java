package dev.sluice.probes.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DwellTest {
  private long now = 1L << 40;
  private Dwell dwell = Dwell.usual(now);

  private int opensAfter(long seconds) {
    dwell = dwell.after(Stage.TRIALS, Stage.CLOSED, now);
    now += TimeUnit.SECONDS.toNanos(seconds);
    dwell = dwell.after(Stage.CLOSED, Stage.OPEN, now);
    return dwell.factor();
  }

  @Test
  void theFirstOutageTakesTheUsualTime() {
    assertThat(dwell.after(Stage.CLOSED, Stage.OPEN, now).factor()).isEqualTo(1);
  }

  @Test
  void eachRelapseWithinAMinuteDoublesItUpToFour() {
    assertThat(opensAfter(59)).isEqualTo(2);
    assertThat(opensAfter(1)).isEqualTo(4);
    assertThat(opensAfter(30)).isEqualTo(4);
  }

  @Test
  void aFailedTrialDoublesItToo() {
    assertThat(dwell.after(Stage.TRIALS, Stage.OPEN, now).factor()).isEqualTo(2);
    assertThat(dwell.after(Stage.RAMP, Stage.OPEN, now).factor()).isEqualTo(2);
  }

  @Test
  void betweenAMinuteAndTenItStaysAndAfterTenItIsForgotten() {
    opensAfter(10);
    assertThat(opensAfter(61)).isEqualTo(2);
    assertThat(opensAfter(599)).isEqualTo(2);
    assertThat(opensAfter(600)).isEqualTo(1);
  }
}
