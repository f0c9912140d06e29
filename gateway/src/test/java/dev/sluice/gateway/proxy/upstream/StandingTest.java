package dev.sluice.gateway.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StandingTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static Standing failing(int times, Standing from, long now) {
    Standing standing = from;
    for (int i = 0; i < times; i++) {
      standing = standing.failed(false, now, 0);
    }
    return standing;
  }

  @Test
  void theFifthFailureInARowEjects() {
    assertThat(failing(4, Standing.WELL, 0).ejected()).isFalse();
    assertThat(failing(5, Standing.WELL, 0).ejected()).isTrue();
  }

  @Test
  void aSuccessBreaksTheRow() {
    Standing broken = failing(4, Standing.WELL, 0).succeeded(false, 0);
    assertThat(failing(4, broken, 0).ejected()).isFalse();
    assertThat(Standing.WELL.succeeded(false, 9)).isSameAs(Standing.WELL);
  }

  @Test
  void eachEjectionIsLongerUpToFiveMinutes() {
    Standing standing = failing(5, Standing.WELL, 0);
    long now = 0;
    for (int times = 1; times < 40; times++) {
      long length = Math.min(10L * times, 300) * SECOND;
      assertThat(standing.until() - now).isEqualTo(length);
      now = standing.until();
      Standing trial = standing.tried(now);
      assertThat(trial).isNotNull();
      standing = trial.failed(true, now, 0);
    }
  }

  @Test
  void jitterShortensByAFifthAtMost() {
    Standing four = failing(4, Standing.WELL, 0);
    assertThat(four.failed(false, 0, 1).until()).isEqualTo(8 * SECOND);
  }

  @Test
  void oneTrialGoesWhenTheTimeIsOver() {
    Standing ejected = failing(5, Standing.WELL, 0);
    assertThat(ejected.tried(10 * SECOND - 1)).isNull();
    Standing trial = ejected.tried(10 * SECOND);
    assertThat(trial).isNotNull();
    assertThat(trial.tried(10 * SECOND)).isNull();
    assertThat(trial.tried(20 * SECOND)).as("the trial was lost").isNotNull();
    assertThat(trial.succeeded(true, 11 * SECOND).ejected()).isFalse();
  }

  @Test
  void whatBeganBeforeTheEjectionChangesNothing() {
    Standing ejected = failing(5, Standing.WELL, 0);
    assertThat(ejected.succeeded(false, 1)).isSameAs(ejected);
    assertThat(ejected.failed(false, 1, 0)).isSameAs(ejected);
  }

  @Test
  void ejectionsAreForgottenAfterFiveGoodMinutes() {
    Standing back = failing(5, Standing.WELL, 0).succeeded(true, 12 * SECOND);
    long soon = 100 * SECOND;
    long late = 313 * SECOND;
    assertThat(failing(5, back, soon).until() - soon).isEqualTo(20 * SECOND);
    assertThat(failing(5, back, late).until() - late).isEqualTo(10 * SECOND);
  }
}
