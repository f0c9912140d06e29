package dev.sluice.probes.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.verdict.Detail;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryPlanTest {
  private static final Duration USUAL = Duration.ofSeconds(5);

  @ParameterizedTest
  @CsvSource({
    "RESTARTING, EVERY_SECOND",
    "SERVER_REFUSING, EVERY_SECOND",
    "EGRESS, PATH",
    "VPC_PATH, PATH",
    "INSTANCE_UNREACHABLE, PATH",
    "CREDENTIALS, LOGIN",
    "ACCESS_RULE, LOGIN",
    "CONNECTIONS_EXHAUSTED, SLOTS",
    "CONNECTIONS_EXHAUSTED_BY_APP, SLOTS",
    "CAPACITY, SLOTS"
  })
  void everyDetailHasItsPlan(Detail detail, RecoveryPlan plan) {
    assertThat(RecoveryPlan.of(detail)).isEqualTo(plan);
    assertThat(plan.sentence()).endsWith(".");
  }

  @Test
  void missingSlotsAreAskedForLessAndLessOften() {
    assertThat(IntStream.rangeClosed(2, 7).mapToObj(n -> RecoveryPlan.SLOTS.pause(n, USUAL)))
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            USUAL,
            USUAL);
    assertThat(RecoveryPlan.SLOTS.pause(1_000_000, Duration.ofDays(9)))
        .isEqualTo(Duration.ofSeconds(64));
  }

  @Test
  void everythingElseEverySecondAndNeverMoreRarelyThanUsual() {
    for (RecoveryPlan plan : RecoveryPlan.values()) {
      assertThat(plan.pause(1, USUAL)).isEqualTo(Duration.ofSeconds(1));
      assertThat(plan.pause(9, Duration.ofMillis(300))).isEqualTo(Duration.ofMillis(300));
    }
    assertThat(RecoveryPlan.PATH.pause(9, USUAL)).isEqualTo(Duration.ofSeconds(1));
  }
}
