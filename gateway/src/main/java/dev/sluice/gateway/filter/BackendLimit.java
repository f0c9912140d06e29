package dev.sluice.gateway.filter;

import dev.sluice.config.Backend.Concurrency;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many requests one backend is sent at once, over all event loops, and who waits beyond. Safe
 * from any thread without locks: an admission is one atomic step against a limit that {@link #tick}
 * moves. Every slot that becomes free, and every one that a tick adds, goes to the first in line.
 */
public final class BackendLimit {
  private static final int QUIET_TICKS = 50;

  private final String backendId;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger replaying = new AtomicInteger();
  private final WaitingLine essential = new WaitingLine();
  private final WaitingLine line = new WaitingLine();
  private final Samples samples = new Samples();
  private final LongAdder shed = new LongAdder();
  private volatile Concurrency settings;
  private volatile int limit;
  private AdaptiveLimit adaptive;
  private Concurrency adapted;
  private long shedBefore;
  private long shedAtBegin;
  private int quiet = QUIET_TICKS;

  BackendLimit(String backendId, Concurrency settings) {
    this.backendId = backendId;
    this.settings = settings;
    this.adapted = settings;
    this.adaptive = new AdaptiveLimit(settings);
    this.limit = settings.adaptive() ? adaptive.limit() : settings.most();
  }

  /** Takes over what a newer configuration says, with the next tick. */
  void settings(Concurrency next) {
    settings = next;
  }

  /**
   * A slot, or null where none is free or others wait for one.
   *
   * @param first for a route that is essential: who waits on another route is no hindrance
   */
  public @Nullable Slot enter(boolean first) {
    boolean next = essential.empty() && (first || line.empty());
    return next && take(limit) ? new Slot(this, false) : null;
  }

  /** A slot in any case: for trials and canaries, and where a route only observes. */
  public Slot pass() {
    inFlight.incrementAndGet();
    return new Slot(this, false);
  }

  /** Nobody has a slot of it or waits for one. */
  boolean unused() {
    return inFlight.get() == 0 && nobodyWaits();
  }

  /** Whether a request that comes now has to wait. */
  public boolean full() {
    return inFlight.get() >= limit || !nobodyWaits();
  }

  private boolean nobodyWaits() {
    return essential.empty() && line.empty();
  }

  /**
   * A slot for a replayed write, or null: replay has half of the limit at most (one at least), and
   * stands back where live requests wait.
   */
  public @Nullable Slot replay() {
    if (replaying.incrementAndGet() <= Math.max(1, limit / 2) && nobodyWaits() && take(limit)) {
      return new Slot(this, true);
    }
    replaying.decrementAndGet();
    return null;
  }

  /**
   * Waits in line; false where too many do. Its slot may come before this returns.
   *
   * @param first for a route that is essential: its turn comes before those of all others
   */
  public boolean join(Turn turn, boolean first) {
    if (!line(first).join(turn, settings.maxWaiting())) {
      return false;
    }
    callNext();
    return true;
  }

  /** Waits no more; false where its slot is on its way, and must be given back. */
  public boolean leave(Turn turn, boolean first) {
    return line(first).leave(turn);
  }

  private WaitingLine line(boolean first) {
    return first ? essential : line;
  }

  /** A request was refused for this backend's sake. */
  public void shed() {
    shed.increment();
  }

  /** A slot that was lent counts again, whatever the limit is by now. */
  void again(boolean replay) {
    if (replay) {
      replaying.incrementAndGet();
    }
    inFlight.incrementAndGet();
  }

  void released(boolean replay) {
    if (replay) {
      replaying.decrementAndGet();
    }
    inFlight.decrementAndGet();
    callNext();
  }

  /** Whoever adds a turn or frees a slot comes by here afterwards, so that no pair is missed. */
  private void callNext() {
    while (!nobodyWaits() && take(limit)) {
      Turn urgent = essential.next();
      Turn next = urgent == null ? line.next() : urgent;
      if (next == null) {
        inFlight.decrementAndGet();
      } else {
        next.comes(new Slot(this, false));
      }
    }
  }

  private boolean take(int most) {
    int now = inFlight.get();
    while (now < most) {
      if (inFlight.compareAndSet(now, now + 1)) {
        return true;
      }
      now = inFlight.get();
    }
    return false;
  }

  /**
   * Moves the limit by what was seen since the last tick. One thread alone ticks, ten times a
   * second.
   *
   * @param off every protection is switched off: whoever waits goes on
   */
  void tick(boolean off, LimitListener listener) {
    Concurrency now = settings;
    if (!now.equals(adapted)) {
      adapted = now;
      adaptive = new AdaptiveLimit(now);
    }
    int learnt = adaptive.learn(samples.take());
    limit = off ? Integer.MAX_VALUE : now.adaptive() ? learnt : now.most();
    callNext();
    tell(listener);
  }

  /** Once when shedding begins, and once when nothing was shed for five seconds. */
  private void tell(LimitListener listener) {
    long total = shed.sum();
    if (total > shedBefore && quiet >= QUIET_TICKS) {
      shedAtBegin = shedBefore;
      listener.sheddingBegan(backendId, limit);
    }
    boolean before = quiet < QUIET_TICKS;
    quiet = total > shedBefore ? 0 : Math.min(QUIET_TICKS, quiet + 1);
    shedBefore = total;
    if (before && quiet == QUIET_TICKS) {
      listener.sheddingEnded(backendId, total - shedAtBegin);
    }
  }

  Samples samples() {
    return samples;
  }

  /** Requests that the backend may be sent at once, at the moment. */
  public int limit() {
    return limit;
  }

  /** Requests that it is sent now. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Requests that wait. */
  public int waiting() {
    return essential.waiting() + line.waiting();
  }

  /** Requests that were refused since the start. */
  public long shedTotal() {
    return shed.sum();
  }
}
