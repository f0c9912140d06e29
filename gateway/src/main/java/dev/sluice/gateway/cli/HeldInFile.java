package dev.sluice.gateway.cli;

import dev.sluice.config.Store;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.fallback.store.StoreInspection;
import dev.sluice.gateway.app.Clocks;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** In the file of an embedded store: looks beside a running gateway, changes without one. */
final class HeldInFile implements Held {
  private static final Duration TTL = Duration.ofHours(24);

  private final Store config;

  HeldInFile(Store config) {
    this.config = config;
  }

  private <T> T look(Function<StoreInspection, T> question) {
    try (StoreInspection inspection = SqliteStore.inspect(config)) {
      return question.apply(inspection);
    }
  }

  private <T> T change(Function<SqliteStore, T> change) {
    try (SqliteStore store = SqliteStore.open(config, Clocks.instants())) {
      return change.apply(store);
    }
  }

  private static <T> T now(CompletableFuture<T> future) {
    return future.orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    look(StoreInspection::counts).forEach((state, n) -> counts.put(state.name(), n));
    return counts;
  }

  @Override
  public List<Shown> list(int limit) {
    return look(store -> store.list(EnumSet.allOf(WriteState.class), limit)).stream()
        .map(Shown::of)
        .toList();
  }

  @Override
  public Optional<Shown> find(String id) {
    return look(store -> store.find(id)).map(Shown::of);
  }

  @Override
  public @Nullable String verify() {
    try (StoreInspection inspection = SqliteStore.inspect(config)) {
      return inspection.verify();
    }
  }

  @Override
  public boolean retry(String id) {
    return change(store -> now(store.requeue(id, TTL)));
  }

  @Override
  public boolean discard(String id) {
    return change(store -> now(store.discard(id)));
  }

  @Override
  public int rekey() {
    return change(
        store -> {
          int all = 0;
          for (int some = now(store.rekey()); some > 0; some = now(store.rekey())) {
            all += some;
          }
          return all;
        });
  }

  @Override
  public void close() {}
}
