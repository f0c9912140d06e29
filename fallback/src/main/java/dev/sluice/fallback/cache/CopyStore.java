package dev.sluice.fallback.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Copies in memory, bounded in bytes. Callable from every thread; nothing waits. It judges neither
 * age nor what may be kept, but refuses an answer whose Vary holds a star.
 */
public final class CopyStore {
  private static final int STAMPS = 4096;

  private final Cache<CopyKey, Variants> copies;
  private final ConcurrentHashMap<Place, Set<CopyKey>> places = new ConcurrentHashMap<>();
  private final AtomicLongArray stamps = new AtomicLongArray(STAMPS);
  private final LongAdder hits = new LongAdder();
  private final LongAdder evictions = new LongAdder();

  private record Place(String host, String target) {}

  /** A store for at most {@code maxBytes}, keys, headers and bodies counted. */
  public CopyStore(long maxBytes) {
    copies =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(CopyStore::weigh)
            .evictionListener(this::evicted)
            .executor(Runnable::run)
            .build();
  }

  /** The copy for this key and these request headers; null when there is none. */
  public @Nullable StoredCopy find(CopyKey key, Function<String, @Nullable String> requestHeader) {
    Variants variants = copies.getIfPresent(key);
    StoredCopy copy = variants == null ? null : variants.find(requestHeader);
    if (copy != null) {
      hits.increment();
    }
    return copy;
  }

  /** Taken before a request is forwarded, it shows later whether its target was evicted since. */
  public long stamp(CopyKey key) {
    return stamps.get(slot(place(key)));
  }

  /** Keeps a copy in place of the one for the same key and request headers. */
  public void keep(CopyKey key, Function<String, @Nullable String> requestHeader, StoredCopy copy) {
    keep(key, requestHeader, copy, stamp(key));
  }

  /**
   * Keeps a copy unless its key or target was evicted after {@code stamp} was taken: an answer that
   * was under way during a write is not kept. Now and then one is lost without need.
   */
  public void keep(
      CopyKey key, Function<String, @Nullable String> requestHeader, StoredCopy copy, long stamp) {
    if (Variants.names(copy).contains("*")) {
      evict(key);
      return;
    }
    copies
        .asMap()
        .compute(
            key,
            (same, before) -> {
              if (stamp(key) != stamp) {
                return before;
              }
              index(key);
              return Variants.with(before, requestHeader, copy);
            });
  }

  /** Drops all variants of one key. */
  public void evict(CopyKey key) {
    stamps.incrementAndGet(slot(place(key)));
    drop(key);
  }

  /** Drops the copies of one target on all routes and of all principals. */
  public void evictTarget(String host, String target) {
    Place place = place(new CopyKey("", host, target, ""));
    stamps.incrementAndGet(slot(place));
    Set<CopyKey> keys = places.get(place);
    if (keys != null) {
      List.copyOf(keys).forEach(this::drop);
    }
  }

  /** Another bound from now on; what is beyond it is evicted. */
  public void bound(long maxBytes) {
    copies.policy().eviction().ifPresent(eviction -> eviction.setMaximum(maxBytes));
  }

  /** Settles what is due for eviction and counts. */
  public CopyStats stats() {
    copies.cleanUp();
    long bytes = copies.policy().eviction().map(CopyStore::weight).orElse(0L);
    return new CopyStats(copies.estimatedSize(), bytes, hits.sum(), evictions.sum());
  }

  /** How many targets have a copy. */
  int targets() {
    return places.size();
  }

  private void drop(CopyKey key) {
    copies
        .asMap()
        .computeIfPresent(
            key,
            (same, variants) -> {
              unindex(key);
              return null;
            });
  }

  private void index(CopyKey key) {
    places.compute(
        place(key),
        (place, keys) -> {
          Set<CopyKey> all = keys == null ? ConcurrentHashMap.newKeySet() : keys;
          all.add(key);
          return all;
        });
  }

  private void unindex(CopyKey key) {
    places.computeIfPresent(
        place(key),
        (place, keys) -> {
          keys.remove(key);
          return keys.isEmpty() ? null : keys;
        });
  }

  private void evicted(@Nullable CopyKey key, @Nullable Variants variants, RemovalCause cause) {
    evictions.increment();
    unindex(Objects.requireNonNull(key));
  }

  private static long weight(Policy.Eviction<CopyKey, Variants> eviction) {
    return eviction.weightedSize().orElse(0);
  }

  private static int weigh(CopyKey key, Variants variants) {
    return (int) Math.min(Integer.MAX_VALUE, key.weight() + variants.weight());
  }

  private static Place place(CopyKey key) {
    return new Place(key.host(), key.target());
  }

  private static int slot(Place place) {
    return Math.floorMod(place.hashCode() * 0x9E3779B9, STAMPS);
  }
}
