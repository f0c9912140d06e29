package dev.sluice.fallback.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.sluice.config.Reads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Copies in memory, bounded in bytes. Callable from every thread; nothing waits. It judges neither
 * age nor what may be kept, but refuses an answer whose Vary holds a star.
 */
public final class CopyStore {
  private static final List<String> ANYBODY = List.of(CopyKey.PUBLIC, CopyKey.ANONYMOUS);

  private final Cache<CopyKey, Variants> copies;

  /** Of principals: where else a copy lies can be told from the routes. */
  private final ConcurrentHashMap<Place, Set<CopyKey>> personal = new ConcurrentHashMap<>();

  private final Set<String> routes = ConcurrentHashMap.newKeySet();
  private final Stamps stamps = new Stamps();
  private final LongAdder hits = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private volatile CopyKeeper keeper = CopyKeeper.NONE;

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

  /** Tells this keeper of every change from now on. */
  public void keeper(CopyKeeper next) {
    keeper = next;
  }

  /** The copy for this key and these request headers; null when there is none. */
  public @Nullable StoredCopy find(CopyKey key, HeaderFields request) {
    Variants variants = copies.getIfPresent(key);
    StoredCopy copy = variants == null ? null : variants.find(request);
    if (copy != null) {
      hits.increment();
    }
    return copy;
  }

  /** Whether there is any copy for this key. */
  public boolean knows(CopyKey key) {
    return copies.asMap().containsKey(key);
  }

  /** Taken before a request is forwarded, it shows later whether its target was evicted since. */
  public long stamp(CopyKey key) {
    return stamps.of(key);
  }

  /** Keeps a copy in place of the one for the same key and request headers. */
  public void keep(CopyKey key, HeaderFields request, StoredCopy copy) {
    keep(key, request, copy, stamp(key));
  }

  /**
   * Keeps a copy unless its key or target was evicted after {@code stamp} was taken: an answer that
   * was under way during a write is not kept. Now and then one is lost without need.
   */
  public void keep(CopyKey key, HeaderFields request, StoredCopy copy, long stamp) {
    List<String> names = Variants.names(copy);
    if (names.contains("*")) {
      evict(key);
      return;
    }
    put(key, names, Variants.tag(names, request), copy, stamp, true);
  }

  /** Keeps a copy that the backend has confirmed, unless what it said then forbids that. */
  public void confirm(Reads reads, CopyKey key, HeaderFields request, StoredCopy copy, long stamp) {
    if (SharedPolicy.forbidden(reads, copy)) {
      evict(key);
    } else {
      keep(key, request, copy, stamp);
    }
  }

  /** What is void now; to be taken before copies of elsewhere are asked for. */
  public Moment moment() {
    return stamps.moment();
  }

  /**
   * Keeps a copy of elsewhere, unless there is one as new, or its target was evicted since. The
   * keeper is not told: it is where the copy comes from.
   */
  public void adopt(CopyKey key, String tag, StoredCopy copy, Moment asOf) {
    put(key, Variants.names(copy), tag, copy, asOf.of(key), false);
  }

  private void put(
      CopyKey key, List<String> names, String tag, StoredCopy copy, long stamp, boolean news) {
    copies
        .asMap()
        .compute(
            key,
            (same, before) -> {
              boolean late = !news && before != null && before.asNew(names, tag, copy);
              if (stamp(key) != stamp || late) {
                return before;
              }
              index(key);
              if (news) {
                keeper.kept(key, tag, copy);
              }
              return Variants.with(before, names, tag, copy);
            });
  }

  /** Drops all variants of one key. */
  public void evict(CopyKey key) {
    forget(key);
    keeper.dropped(key);
    forget(key); // the keeper may have had one adopted before it was told
  }

  /** Drops the copies of one target on all routes and of all principals. */
  public void evictTarget(String host, String target) {
    CopyKey place = new CopyKey("", host, target, "");
    forgetTarget(place);
    keeper.dropped(place.host(), target);
    forgetTarget(place);
  }

  /** Drops what is void elsewhere, where the keeper knows it from. */
  public void hear(CopyKey key, Moment asOf) {
    asOf.count(key);
    forget(key);
  }

  /** The same of one target on all routes and of all principals. */
  public void hearTarget(String host, String target, Moment asOf) {
    CopyKey place = new CopyKey("", host, target, "");
    asOf.count(place);
    forgetTarget(place);
  }

  /** The same of everything. */
  public void hearAll(Moment asOf) {
    copies.asMap().keySet().forEach(key -> hear(key, asOf));
  }

  private void forget(CopyKey key) {
    stamps.count(key);
    drop(key);
  }

  private void forgetTarget(CopyKey place) {
    stamps.count(place);
    for (String route : routes) {
      ANYBODY.forEach(anybody -> drop(new CopyKey(route, place.host(), place.target(), anybody)));
    }
    Set<CopyKey> keys = personal.get(new Place(place.host(), place.target()));
    if (keys != null) {
      List.copyOf(keys).forEach(this::drop);
    }
  }

  /** Drops what the filter takes, target by target; how many keys went. */
  public int purge(Predicate<CopyKey> filter) {
    int gone = 0;
    for (CopyKey key : copies.asMap().keySet()) {
      if (filter.test(key)) {
        evict(key);
        gone++;
      }
    }
    return gone;
  }

  /** Keys that the filter takes, at most so many, in no order. */
  public List<CopyKey> keys(Predicate<CopyKey> filter, int most) {
    List<CopyKey> found = new ArrayList<>();
    for (CopyKey key : copies.asMap().keySet()) {
      if (found.size() == most) {
        break;
      }
      if (filter.test(key)) {
        found.add(key);
      }
    }
    return found;
  }

  /** All copies under a key; empty where there is none. */
  public List<StoredCopy> variants(CopyKey key) {
    Variants variants = copies.asMap().get(key);
    return variants == null ? List.of() : variants.copies();
  }

  /**
   * How long the copies of each route last, told from so many keys at most.
   *
   * @param reads of a route by its id; null for one that is gone
   */
  public List<Runway> runways(Function<String, @Nullable Reads> reads, Instant now, int most) {
    Map<String, Runway> found = new TreeMap<>();
    int looked = 0;
    for (Map.Entry<CopyKey, Variants> entry : copies.asMap().entrySet()) {
      if (looked++ == most) {
        break;
      }
      String id = entry.getKey().routeId();
      Reads rules = reads.apply(id);
      if (rules != null) {
        Runway runway = found.getOrDefault(id, Runway.none(id));
        for (StoredCopy copy : entry.getValue().copies()) {
          Duration left = Explanation.left(rules, copy, now);
          runway = left.isZero() ? runway : runway.with(left);
        }
        found.put(id, runway);
      }
    }
    return List.copyOf(found.values());
  }

  /** Another bound from now on; what is beyond it is evicted. */
  public void bound(long maxBytes) {
    copies.policy().eviction().ifPresent(eviction -> eviction.setMaximum(maxBytes));
  }

  /** Whether nothing is stored; never waits, unlike {@link #stats}. */
  public boolean isEmpty() {
    return copies.estimatedSize() == 0;
  }

  /** Settles what is due for eviction and counts, which takes a lock: not for event loops. */
  public CopyStats stats() {
    copies.cleanUp();
    long bytes = copies.policy().eviction().map(CopyStore::weight).orElse(0L);
    return new CopyStats(copies.estimatedSize(), bytes, hits.sum(), evictions.sum());
  }

  /** How many targets have a copy of a principal's. */
  int targets() {
    return personal.size();
  }

  /** Waits for an insertion under way, which {@code computeIfPresent} would not see. */
  private void drop(CopyKey key) {
    copies
        .asMap()
        .compute(
            key,
            (same, variants) -> {
              unindex(key);
              return null;
            });
  }

  private void index(CopyKey key) {
    if (ANYBODY.contains(key.principal())) {
      routes.add(key.routeId());
      return;
    }
    personal.compute(
        new Place(key.host(), key.target()),
        (place, keys) -> {
          Set<CopyKey> all = keys == null ? ConcurrentHashMap.newKeySet() : keys;
          all.add(key);
          return all;
        });
  }

  private void unindex(CopyKey key) {
    if (ANYBODY.contains(key.principal())) {
      return;
    }
    personal.computeIfPresent(
        new Place(key.host(), key.target()),
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
}
