package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Store;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.gateway.validate.Validated;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import dev.sluice.probes.validation.Suite;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselinesTest {
  private static final Instant MONDAY = Instant.parse("2026-11-30T10:00:00Z");

  @TempDir Path folder;

  private SqliteStore open() {
    Store config =
        new Store(
            folder.resolve("sluice.db").toString(), null, 1_000, 1 << 20, Duration.ofHours(1));
    return SqliteStore.open(config, Clock.systemUTC());
  }

  private static Validated connects(int count) {
    List<Double> millis = Collections.nCopies(count, 4.0);
    Step step = new Step("connects", "db", Outcome.PASSED, "", millis, Duration.ZERO);
    return new Validated("test", Suite.QUICK, MONDAY, Duration.ZERO, List.of(step));
  }

  @Test
  void theLastSevenDaysAreUsual() {
    Baselines baselines = new Baselines();
    for (int day = 0; day < 10; day++) {
      baselines.learn(connects(100), MONDAY.plus(Duration.ofDays(day)));
    }
    assertThat(baselines.usual("db").total()).isEqualTo(700);
    assertThat(baselines.usual("another").tells()).isFalse();
  }

  @Test
  void whatIsUsualSurvivesARestart() throws Exception {
    try (SqliteStore store = open()) {
      Baselines baselines = new Baselines();
      baselines.opened(store.journal());
      baselines.learn(connects(100), MONDAY);
      baselines.learn(connects(150), MONDAY);
      baselines.learn(connects(50), MONDAY.plus(Duration.ofDays(1)));
      store
          .journal()
          .append("baseline", "db@SUNDAY", "of another version")
          .get(5, TimeUnit.SECONDS);
    }
    try (SqliteStore store = open()) {
      Baselines again = new Baselines();
      again.opened(store.journal());
      await().until(() -> again.usual("db").total() == 300);
    }
  }
}
