package dev.sluice.gateway.filter;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for one backend, over all event loops, first come first served. Those that left stay as
 * empty places until they are reached or outnumber the others, so leaving costs no search and
 * memory stays bounded.
 */
final class WaitingLine {
  /** Empty places that are not worth a sweep. */
  private static final int FEW = 64;

  private final ConcurrentLinkedQueue<Turn> turns = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger places = new AtomicInteger();

  /** Joins at the end; false where so many wait already. */
  boolean join(Turn turn, int most) {
    if (waiting.incrementAndGet() > most) {
      waiting.decrementAndGet();
      return false;
    }
    places.incrementAndGet();
    turns.add(turn);
    return true;
  }

  /** Calls the first that still waits; null where nobody does. */
  @Nullable Turn next() {
    for (Turn turn = turns.poll(); turn != null; turn = turns.poll()) {
      if (turn.call()) {
        places.decrementAndGet();
        waiting.decrementAndGet();
        return turn;
      }
      forget(turn);
    }
    return null;
  }

  /** Leaves; false where its turn has come already. */
  boolean leave(Turn turn) {
    if (!turn.leave()) {
      return false;
    }
    int others = waiting.decrementAndGet();
    if (places.get() > 2 * others + FEW) {
      turns.removeIf(this::forget);
    }
    return true;
  }

  private boolean forget(Turn turn) {
    boolean first = turn.sweep();
    if (first) {
      places.decrementAndGet();
    }
    return first;
  }

  /** Nobody stands here, whether still waiting or not. */
  boolean empty() {
    return turns.isEmpty();
  }

  int waiting() {
    return waiting.get();
  }

  /** Places taken, empty ones included. */
  int places() {
    return places.get();
  }
}
