package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Configuration;
import dev.sluice.config.Store;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.probes.mode.Posture;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When scheduled validations begin, and when they do not. */
@Timeout(60)
class TimetableTest {
  private static final Configuration FILE =
      Postures.configuration(
          """
          environment: test
          validation:
            schedules: [ { id: often, cron: "*/5 * * * *", jitter: 1ms } ]
          """);

  @TempDir Path folder;
  private final AtomicReference<Instant> moment =
      new AtomicReference<>(Instant.parse("2026-11-30T10:01:00Z"));
  private final AtomicReference<@Nullable String> drill = new AtomicReference<>();
  private volatile boolean speaks = true;
  private final List<Revalidated> ended = Collections.synchronizedList(new ArrayList<>());

  /** A timetable of one gateway, with what it tries out. */
  private final class Gateway implements AutoCloseable {
    final Snapshot snapshot = Snapshot.of(FILE, Posture.starting(moment.get(), FILE));
    final Trials trials =
        new Trials(
            () -> snapshot,
            () -> () -> false,
            new Baselines(),
            moment::get,
            System::nanoTime,
            this::told);
    final Timetable table =
        new Timetable(
            () -> snapshot, drill::get, () -> speaks, trials, moment::get, new SplittableRandom(1));

    private void told(Revalidated result) {
      ended.add(result);
      table.ended(result);
    }

    @Override
    public void close() {
      table.close();
      trials.close();
    }
  }

  private SqliteStore open() {
    Store config =
        new Store(
            folder.resolve("sluice.db").toString(), null, 1_000, 1 << 20, Duration.ofHours(1));
    return SqliteStore.open(config, Clock.systemUTC());
  }

  private void later(String instant) {
    moment.set(Instant.parse(instant));
  }

  @Test
  void itBeginsWhenItIsTimeAndOnce() {
    try (Gateway gateway = new Gateway()) {
      gateway.table.start(false);
      await().pollDelay(Duration.ofSeconds(3)).until(() -> ended.isEmpty());
      later("2026-11-30T10:05:01Z");
      await().until(() -> ended.size() == 1);
      assertThat(ended.get(0).subject()).isEqualTo("often");
      assertThat(ended.get(0).trigger()).isEqualTo(Revalidated.Trigger.SCHEDULE);
      await().pollDelay(Duration.ofSeconds(3)).until(() -> ended.size() == 1);
      later("2026-11-30T10:10:01Z");
      await().until(() -> ended.size() == 2);
    }
  }

  @Test
  void aDrillPutsItOff() {
    try (Gateway gateway = new Gateway()) {
      drill.set("orders-db");
      gateway.table.start(false);
      await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
      later("2026-11-30T10:05:01Z");
      await().pollDelay(Duration.ofSeconds(4)).until(() -> ended.isEmpty());
      drill.set(null);
      later("2026-11-30T10:10:01Z");
      await().until(() -> ended.size() == 1);
    }
  }

  @Test
  void ofGatewaysOnOneStoreTheOneThatLeadsDoesIt() {
    try (Gateway gateway = new Gateway()) {
      speaks = false;
      gateway.table.start(false);
      await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
      later("2026-11-30T10:05:01Z");
      await().pollDelay(Duration.ofSeconds(4)).until(() -> ended.isEmpty());
      speaks = true;
      later("2026-11-30T10:10:01Z");
      await().until(() -> ended.size() == 1);
    }
  }

  @Test
  void whatWasMissedIsMadeUpForOnceAndResultsAreKept() throws Exception {
    try (SqliteStore store = open();
        Gateway first = new Gateway()) {
      first.table.start(true);
      first.table.opened(store.journal());
      await().pollDelay(Duration.ofSeconds(2)).until(() -> ended.isEmpty());
      later("2026-11-30T10:05:01Z");
      await().until(() -> ended.size() == 1);
      await().until(() -> first.table.kept("often", 10).get(5, TimeUnit.SECONDS).size() == 1);
    }
    later("2026-11-30T11:33:00Z");
    try (SqliteStore store = open();
        Gateway second = new Gateway()) {
      second.table.start(true);
      second.table.opened(store.journal());
      await().until(() -> ended.size() == 2);
      await().pollDelay(Duration.ofSeconds(3)).until(() -> ended.size() == 2);
      List<String> kept = second.table.kept("often", 10).get(5, TimeUnit.SECONDS);
      assertThat(kept).hasSize(2);
      assertThat(kept.get(0)).startsWith("{\"begun\":\"2026-11-30T11:33:00Z\"");
    }
  }
}
