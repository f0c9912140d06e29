package dev.sluice.gateway.cli;

import dev.sluice.config.Store;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.store.SharedStore;
import dev.sluice.fallback.store.StoreUnreachable;
import dev.sluice.gateway.app.Clocks;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** In a database that gateways share: everything can be done beside running ones. */
final class HeldInDatabase implements Held {
  private static final Duration TTL = Duration.ofHours(24);

  /** No command claims anything. */
  private static final SharedStore.Budget NOTHING =
      new SharedStore.Budget(0, 0, Duration.ofMinutes(1), Duration.ZERO);

  private final SharedStore store;

  private HeldInDatabase(SharedStore store) {
    this.store = store;
  }

  static HeldInDatabase open(Store config) {
    try {
      return new HeldInDatabase(
          SharedStore.open(config, Clocks.instants(), Clocks.nanos(), NOTHING));
    } catch (StoreUnreachable e) {
      throw new Unreachable(String.valueOf(e.getMessage()));
    }
  }

  private static <T> T now(CompletableFuture<T> future) {
    try {
      return future.orTimeout(30, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreRefused refused) {
        throw new Unreachable(String.valueOf(refused.getMessage()));
      }
      throw e;
    }
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    store.counts().forEach((state, n) -> counts.put(state.name(), n));
    return counts;
  }

  @Override
  public List<Shown> list(int limit) {
    return now(store.list(EnumSet.allOf(WriteState.class), limit)).stream().map(Shown::of).toList();
  }

  @Override
  public Optional<Shown> find(String id) {
    return now(store.find(id)).map(Shown::of);
  }

  @Override
  public @Nullable String verify() {
    return now(store.verify()).orElse(null);
  }

  @Override
  public boolean retry(String id) {
    return now(store.requeue(id, TTL));
  }

  @Override
  public boolean discard(String id) {
    return now(store.discard(id));
  }

  @Override
  public int rekey() {
    int all = 0;
    for (int some = now(store.rekey()); some > 0; some = now(store.rekey())) {
      all += some;
    }
    return all;
  }

  @Override
  public void close() {
    store.close();
  }
}
