package dev.sluice.fallback.store;

import dev.sluice.fallback.cache.CopyKeeper;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.Moment;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.fallback.store.CopyCodec.Kept;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the copies outlive the process, so that an instance that starts during an outage has
 * something to serve; where gateways share a store, each also gets what the others keep and make
 * void. Written behind, a second later at most; what makes copies void is written at once, and is
 * never dropped for want of room. A fault in here costs copies and nothing else.
 */
public final class CopyShelf implements CopyKeeper, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("sluice.store");

  /** Bytes of copies that wait to be written; beyond them new ones are not kept. */
  private static final long MOST_WAITING = 32L << 20;

  /** Voided keys that wait; beyond them all copies are void. */
  static final int MOST_VOIDED = 100_000;

  private static final Duration OLDEST = Duration.ofHours(24);
  private static final long CLOSE_MILLIS = 5_000;

  private final CopyStore copies;
  private final InstantSource clock;
  private final Instant begun;

  // Guarded by this.
  private Queue<Step> steps = new ArrayDeque<>();
  private final Set<Voided> voided = new HashSet<>();
  private long waiting;
  private int voids;
  private boolean restoring = true;
  private boolean closing;
  private boolean urgent;
  private boolean overflown;
  private @Nullable Thread writer;
  private volatile @Nullable CopyMedium medium;

  /** One change of the medium. */
  private interface Step {
    void in(CopyMedium medium) throws SQLException;
  }

  /** Opens where copies lie. */
  interface Opening {
    CopyMedium open() throws SQLException, IOException;
  }

  /** Keeps what the store keeps from now on, in a place that is opened later. */
  public CopyShelf(CopyStore copies, InstantSource clock) {
    this.copies = copies;
    this.clock = clock;
    this.begun = clock.instant();
  }

  /** Since when it keeps what the store keeps. */
  Instant begun() {
    return begun;
  }

  /**
   * Opens the place, hands its copies to the store in memory, and begins to write; to be called
   * once, on a thread that may wait.
   */
  void open(String name, Opening opening) {
    try {
      CopyMedium opened = opening.open();
      int restored = restore(opened);
      log.info("{} stored copies of an earlier run are at hand", restored);
      start(opened);
    } catch (SQLException | IOException | RuntimeException e) {
      log.warn("Stored copies do not outlive the process: {}: {}", name, e.toString());
      give();
    }
  }

  private int restore(CopyMedium opened) throws SQLException {
    int[] restored = {0};
    Moment before = copies.moment();
    opened.each(
        oldest(),
        kept -> {
          if (restorable(kept.key())) {
            copies.adopt(kept.key(), kept.tag(), kept.copy(), before);
            restored[0]++;
          }
        });
    List<Voided> late;
    synchronized (this) {
      restoring = false;
      late = new ArrayList<>(voided);
      voided.clear();
    }
    if (late.size() == MOST_VOIDED) {
      copies.purge(key -> true);
    }
    // A copy may have been handed over at the moment in which it became void.
    for (Voided gone : late) {
      if (gone.key() == null) {
        copies.evictTarget(gone.host(), gone.target());
      } else {
        copies.evict(gone.key());
      }
    }
    return restored[0];
  }

  private synchronized boolean restorable(CopyKey key) {
    return voided.size() < MOST_VOIDED
        && !voided.contains(Voided.place(key.host(), key.target()))
        && !voided.contains(Voided.entry(key));
  }

  private synchronized void start(CopyMedium opened) {
    medium = opened;
    writer = Threads.daemon(() -> write(opened), "sluice-copies");
    writer.start();
  }

  /** Nothing will ever be written. */
  private synchronized void give() {
    closing = true;
    restoring = false;
    steps.clear();
    voided.clear();
  }

  @Override
  public synchronized void kept(CopyKey key, String tag, StoredCopy copy) {
    long size = copy.body().length + copy.encodedHeaders().length + 256L;
    if (closing || waiting + size > MOST_WAITING) {
      return;
    }
    waiting += size;
    Kept kept = new Kept(key, tag, copy);
    CopyMedium open = medium;
    long heard = open == null ? 0 : open.heard();
    steps.add(opened -> opened.put(kept, heard));
  }

  @Override
  public synchronized void dropped(CopyKey key) {
    drop(Voided.entry(key));
  }

  @Override
  public synchronized void dropped(String host, String target) {
    drop(Voided.place(host, target));
  }

  private void drop(Voided gone) {
    if (closing) {
      return;
    }
    if (restoring && voided.size() < MOST_VOIDED) {
      voided.add(gone);
    }
    if (voids == MOST_VOIDED) {
      overflown = true;
      steps.clear();
      waiting = 0;
    } else {
      voids++;
      steps.add(opened -> opened.drop(gone));
    }
    if (!urgent) {
      urgent = true;
      notifyAll();
    }
  }

  private void write(CopyMedium opened) {
    try (opened) {
      boolean more = true;
      while (more) {
        more = await(opened.rest(), opened.every());
        Moment before = copies.moment();
        write(opened, take());
        opened.hear(copies, before);
      }
    } catch (SQLException | RuntimeException e) {
      log.warn("Stored copies do not outlive the process any more: {}", e.toString());
      give();
    }
  }

  /** Woken too early it is early, and no more. False once this is closed. */
  @SuppressWarnings("WaitNotInLoop")
  private synchronized boolean await(Duration least, Duration most) {
    try {
      if (!closing && !urgent) {
        wait(most.toMillis());
      }
      if (!closing && !least.isZero()) {
        wait(least.toMillis());
      }
    } catch (InterruptedException e) {
      closing = true;
    }
    return !closing;
  }

  private synchronized Queue<Step> take() {
    Queue<Step> taken = steps;
    if (overflown) {
      taken.clear();
      taken.add(CopyMedium::clear);
    }
    steps = new ArrayDeque<>();
    waiting = 0;
    voids = 0;
    urgent = false;
    overflown = false;
    return taken;
  }

  private void write(CopyMedium opened, Queue<Step> batch) throws SQLException {
    for (Step step : batch) {
      step.in(opened);
    }
    opened.commit(oldest());
  }

  private long oldest() {
    return clock.instant().minus(OLDEST).toEpochMilli();
  }

  /** Writes what waits and lets go of the place. */
  @Override
  public void close() {
    Thread ending;
    synchronized (this) {
      closing = true;
      ending = writer;
      notifyAll();
    }
    if (ending != null) {
      try {
        ending.join(CLOSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
