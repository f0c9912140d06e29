package dev.sluice.probes.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.verdict.Passive;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PassiveWindowTest {
  private final PassiveWindow window = new PassiveWindow();
  private long now = TimeUnit.HOURS.toNanos(3);

  private void seconds(int seconds, int outcome, int each) {
    for (int i = 0; i < seconds; i++) {
      now += TimeUnit.SECONDS.toNanos(1);
      for (int j = 0; j < each; j++) {
        window.count(outcome, now);
      }
    }
  }

  private Passive read() {
    return window.read(now);
  }

  @Test
  void tenSecondsAreCounted() {
    seconds(12, PassiveWindow.SUCCEEDED, 20);
    assertThat(read()).isEqualTo(new Passive(200, 0, 0, 0));
    assertThat(read().failing()).isFalse();
  }

  @Test
  void whatTurnsIsSeenAlthoughMostOfTheWindowWasWell() {
    seconds(10, PassiveWindow.SUCCEEDED, 20);
    seconds(1, PassiveWindow.UNMARKED, 12);
    assertThat(read().turned()).as("40 of 52 in three seconds were well").isTrue();
    assertThat(read().failing()).isTrue();
  }

  @Test
  void aFewErrorsAmongManyAnswersTurnNothing() {
    for (int i = 0; i < 10; i++) {
      seconds(1, PassiveWindow.SUCCEEDED, 20);
      window.count(PassiveWindow.MARKED, now);
    }
    assertThat(read().failing()).isFalse();
    assertThat(read().erring()).isTrue();
  }

  @Test
  void oneErrorAloneTurnsNothing() {
    seconds(10, PassiveWindow.SUCCEEDED, 20);
    now += TimeUnit.SECONDS.toNanos(4);
    window.count(PassiveWindow.FAILED, now);
    assertThat(read().turned()).isFalse();
  }

  @Test
  void requestsThatHangTurnItWhereNoneSucceeds() {
    seconds(10, PassiveWindow.SUCCEEDED, 20);
    seconds(1, PassiveWindow.SLOW, 4);
    assertThat(read().turned()).as("some succeeded a second ago").isFalse();
    seconds(1, PassiveWindow.SLOW, 4);
    assertThat(read().failing()).isTrue();
    seconds(1, PassiveWindow.SUCCEEDED, 1);
    assertThat(read().turned()).as("one waits, one is answered").isFalse();
  }

  @Test
  void answersThatComeOverlyLateTurnItTheMoreWait() {
    for (int i = 0; i < 5; i++) {
      seconds(1, PassiveWindow.SUCCEEDED, 10);
      for (int told = 0; told < 100; told++) {
        window.count(PassiveWindow.SLOW, now);
      }
    }
    assertThat(read().failing()).isTrue();
  }

  @Test
  void aLongRequestAmongManyQuickOnesTurnsNothing() {
    for (int i = 0; i < 5; i++) {
      seconds(1, PassiveWindow.SUCCEEDED, 10);
      window.count(PassiveWindow.SLOW, now);
    }
    assertThat(read().failing()).isFalse();
  }
}
