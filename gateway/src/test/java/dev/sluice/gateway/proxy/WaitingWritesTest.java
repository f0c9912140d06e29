package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Store;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.probes.mode.BreakerState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a write that waits means to requests that come later. */
final class WaitingWritesTest {
  @TempDir Path folder;
  private SqliteStore store;
  private Rig rig;

  @BeforeEach
  void start() throws IOException {
    Store config =
        new Store(folder.resolve("s.db").toString(), null, 100, 1 << 20, Duration.ofHours(1));
    store = SqliteStore.open(config, Clock.systemUTC());
    rig = new Rig(WireBackend.text("hello"), "", "", new WriteQueue(store, gone -> {}));
  }

  @AfterEach
  void stop() throws IOException {
    rig.close();
    store.close();
  }

  private int put(String target) throws IOException {
    try (WireClient client = rig.client()) {
      return client.ask("PUT", target, "new").status();
    }
  }

  @Test
  void aStoredCopyOfWhatItChangesSaysSo() throws IOException {
    assertThat(rig.get("/api/orders/1").text()).isEqualTo("hello");
    rig.database(BreakerState.OPEN);
    assertThat(rig.get("/api/orders/1").header("cache-status")).endsWith("detail=breaker-open");
    assertThat(put("/api/orders/1")).isEqualTo(202);

    WireClient.Answer changing = rig.get("/api/orders/1");

    assertThat(changing.text()).isEqualTo("hello");
    assertThat(changing.header("cache-status")).endsWith("detail=pending-write");
    assertThat(changing.header("sluice-mode")).isEqualTo("db-degraded");
  }

  @Test
  void noSpellingOfItsPathOvertakesIt() throws IOException {
    rig.database(BreakerState.OPEN);
    assertThat(put("/api/orders/a")).isEqualTo(202);
    rig.snapshot.updateAndGet(
        open -> Snapshot.of(open.configuration(), rig.posture(BreakerState.CLOSED, Instant.now())));

    assertThat(put("/api/orders/%61")).isEqualTo(202);
    assertThat(put("/api/orders/a;v=1?x")).isEqualTo(202);
    assertThat(put("/api/orders/b")).isEqualTo(200);
    assertThat(rig.backend.requests).hasSize(1);
  }

  @Test
  void aTailFromAnEarlierRunBeginsWithThisOne() throws IOException {
    rig.database(BreakerState.OPEN);
    assertThat(put("/api/orders/1")).isEqualTo(202);

    Instant begun = Instant.now();
    rig.snapshot.updateAndGet(
        open -> Snapshot.of(open.configuration(), rig.posture(BreakerState.CLOSED, begun)));
    assertThat(put("/api/orders/1")).isEqualTo(202);

    Instant before = begun.minusSeconds(61);
    rig.snapshot.updateAndGet(
        open -> Snapshot.of(open.configuration(), rig.posture(BreakerState.CLOSED, before)));
    assertThat(put("/api/orders/1")).isEqualTo(503);
  }
}
