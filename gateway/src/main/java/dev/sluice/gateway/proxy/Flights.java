package dev.sluice.gateway.proxy;

import dev.sluice.fallback.cache.CopyKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The questions that are under way, one for each key, over all event loops: whoever would ask the
 * same waits for the answer that comes. A key whose answer could not be shared is asked by
 * everybody for himself for a while. May be called from any thread; never blocks.
 */
final class Flights {
  /** How long it is remembered that an answer is nobody else's. */
  private static final long UNSHARED_NANOS = 60_000_000_000L;

  /** Keys that are remembered so; beyond them all are asked for one by one. */
  private static final int MOST_UNSHARED = 20_000;

  private final ConcurrentHashMap<CopyKey, Flight> under = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<CopyKey, Long> unshared = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  Flights(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** One question; it ends once, by whoever asks it. */
  final class Flight {
    private final CopyKey key;

    // Guarded by this.
    private @Nullable List<Runnable> waiting = new ArrayList<>();

    private Flight(CopyKey key) {
      this.key = key;
    }

    /** Calls back once the question is over, on whatever thread ends it; false where it is. */
    boolean join(Runnable over) {
      synchronized (this) {
        if (waiting != null) {
          waiting.add(over);
          return true;
        }
      }
      return false;
    }

    /** Whoever waits asks for himself: the answer is nobody else's. */
    void unshared() {
      if (unshared.size() < MOST_UNSHARED) {
        unshared.put(key, nanos.getAsLong());
      }
      end();
    }

    /** The question is over. Safe to call twice. */
    void end() {
      List<Runnable> all;
      under.remove(key, this);
      synchronized (this) {
        all = waiting;
        waiting = null;
      }
      if (all != null) {
        all.forEach(Runnable::run);
      }
    }
  }

  /** The caller's own question, or null where another is under way. */
  @Nullable Flight lead(CopyKey key) {
    Flight own = new Flight(key);
    return under.putIfAbsent(key, own) == null ? own : null;
  }

  /** The question that is under way; null for none. */
  @Nullable Flight underway(CopyKey key) {
    return under.get(key);
  }

  /** Whether the answers under this key were shared when last seen. */
  boolean shared(CopyKey key) {
    Long since = unshared.get(key);
    if (since == null) {
      return true;
    }
    if (nanos.getAsLong() - since < UNSHARED_NANOS) {
      return false;
    }
    unshared.remove(key, since);
    return true;
  }
}
