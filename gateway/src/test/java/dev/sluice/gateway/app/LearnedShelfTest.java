package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Store;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.probes.breaker.Learned;
import dev.sluice.probes.breaker.Lesson;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnedShelfTest {
  private static final Learned LEARNED =
      new Learned(4, Duration.ofSeconds(15), 3, 1, Duration.ofMinutes(2), Duration.ofMillis(1_200));

  @TempDir Path folder;

  private SqliteStore open() {
    Store config =
        new Store(
            folder.resolve("sluice.db").toString(), null, 1_000, 1 << 20, Duration.ofHours(1));
    return SqliteStore.open(config, Clock.systemUTC());
  }

  private static Map<String, Learned> recalled(LearnedShelf shelf, SqliteStore store)
      throws Exception {
    CompletableFuture<Map<String, Learned>> recalled = new CompletableFuture<>();
    shelf.opened(store.journal(), recalled::complete);
    return recalled.get(5, TimeUnit.SECONDS);
  }

  @Test
  void whatWasLearntSurvivesARestart() throws Exception {
    try (SqliteStore store = open()) {
      LearnedShelf shelf = new LearnedShelf();
      shelf.keep(new Lesson("orders-db", LEARNED, "", false));
      assertThat(recalled(shelf, store)).isEmpty();
      shelf.keep(new Lesson("orders-db", LEARNED, "", false));
    }
    try (SqliteStore store = open()) {
      assertThat(recalled(new LearnedShelf(), store)).isEqualTo(Map.of("orders-db", LEARNED));
    }
  }

  @Test
  void whatIsNotUnderstoodIsLeftOut() throws Exception {
    try (SqliteStore store = open()) {
      store.journal().append("breaker", "orders-db", "of another version").get(5, TimeUnit.SECONDS);
      store.journal().append("breaker", "stock-db", LEARNED.written()).get(5, TimeUnit.SECONDS);
      assertThat(recalled(new LearnedShelf(), store)).isEqualTo(Map.of("stock-db", LEARNED));
    }
  }
}
