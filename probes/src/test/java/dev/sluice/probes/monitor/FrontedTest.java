package dev.sluice.probes.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.breaker.Settings;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Passive;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a backend's next answer is waited for. */
class FrontedTest {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Passive FAILING = new Passive(0, 5, 0, 0);
  private static final BackendHealth WELL =
      BackendHealth.answered(Instant.EPOCH, 200, "200 OK", List.of(), null);

  private final Fronted fronted =
      new Fronted(
          Objects.requireNonNull(
              Settings.of("127.0.0.1", Settings.dependency("db", true)).backends().get(0)),
          Instant.EPOCH);

  @ParameterizedTest
  @CsvSource({"3, 1000", "124, 1000", "200, 1600", "700, 5000"})
  void whileRequestsFailEightTimesTheLongestOfTheUsual(int millis, int patience) {
    took(900, millis, 3, 3, 3, 3);
    assertThat(fronted.patience(DEADLINE, FAILING)).hasMillis(patience);
    assertThat(fronted.patience(DEADLINE, Passive.NONE)).isEqualTo(DEADLINE);
  }

  @Test
  void whatIsUsualIsNotKnownAfterAFewAnswers() {
    took(3, 3);
    assertThat(fronted.patience(DEADLINE, FAILING)).isEqualTo(DEADLINE);
  }

  @Test
  void failedAnswersAreNotUsual() {
    took(3, 3);
    BackendHealth failed = BackendHealth.answered(Instant.EPOCH, 503, "503", List.of(), null);
    fronted.took(failed, Duration.ofMillis(3));
    assertThat(fronted.patience(DEADLINE, FAILING)).isEqualTo(DEADLINE);
  }

  private void took(int... millis) {
    for (int each : millis) {
      fronted.took(WELL, Duration.ofMillis(each));
    }
  }
}
