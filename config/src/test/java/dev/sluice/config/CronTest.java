package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Validation.Schedule;
import dev.sluice.config.Validation.Suite;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  private static Instant next(String cron, String zone, String after) {
    Schedule schedule = new Schedule("a", Suite.BASIC, cron, ZoneId.of(zone), Duration.ZERO);
    return Cron.next(schedule, Instant.parse(after));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          */5 * * * *,   UTC,           2026-11-30T10:01:00Z, 2026-11-30T10:05:00Z
          */5 * * * *,   UTC,           2026-11-30T10:05:00Z, 2026-11-30T10:10:00Z
          0 3 * * *,     Europe/Berlin, 2026-11-30T10:00:00Z, 2026-12-01T02:00:00Z
          0 3 * * *,     Europe/Berlin, 2026-07-01T10:00:00Z, 2026-07-02T01:00:00Z
          30 2 * * 1-5,  UTC,           2026-12-04T12:00:00Z, 2026-12-07T02:30:00Z
          0 0 29 2 *,    UTC,           2026-11-30T10:00:00Z, 2028-02-29T00:00:00Z
          """)
  void itIsDueAtTheNextTimeInItsZone(String cron, String zone, String after, String due) {
    assertThat(next(cron, zone, after)).isEqualTo(Instant.parse(due));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/5 * * * *", "0 3 * * 0", "1,2 0-6 1 jan mon"})
  void fiveFieldsAreRead(String cron) {
    assertThat(Cron.valid(cron)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "* *", "61 * * * *", "* * * * * *", "a b c d e", "@hourly?"})
  void anythingElseIsNot(String cron) {
    assertThat(Cron.valid(cron)).isFalse();
  }

  @Test
  void aDayThatNeverComesIsNeverDue() {
    assertThat(Cron.valid("0 0 30 2 *")).isTrue();
    assertThat(next("0 0 30 2 *", "UTC", "2026-11-30T10:00:00Z")).isNull();
  }
}
