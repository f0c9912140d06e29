package dev.sluice.fallback.store;

import dev.sluice.config.Store;
import dev.sluice.fallback.cache.CopyKeeper;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.fallback.store.CopyCodec.Kept;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
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
 * something to serve. Written behind, a second later at most; what makes copies void is written at
 * once, and is never dropped for want of room. A fault in here costs copies and nothing else.
 */
public final class CopyShelf implements CopyKeeper, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("sluice.store");

  /** Bytes of copies that wait to be written; beyond them new ones are not kept. */
  private static final long MOST_WAITING = 32L << 20;

  /** Voided keys that wait; beyond them all copies in the file are void. */
  private static final int MOST_VOIDED = 100_000;

  private static final Duration BEHIND = Duration.ofSeconds(1);
  private static final Duration OLDEST = Duration.ofHours(24);
  private static final long CLOSE_MILLIS = 5_000;

  private final CopyStore copies;
  private final InstantSource clock;
  private final long maxBytes;

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

  /** One change of the file. */
  private interface Step {
    void in(CopyFile file) throws SQLException;
  }

  /** What was made void while an earlier run's copies are being read; key is null for a target. */
  private record Voided(String host, String target, @Nullable CopyKey key) {}

  /** Keeps what the store keeps from now on, in a file that is opened later. */
  public CopyShelf(CopyStore copies, InstantSource clock, long maxBytes) {
    this.copies = copies;
    this.clock = clock;
    this.maxBytes = maxBytes;
  }

  /** Where the copies of this store lie. */
  public static Path file(Store config) {
    return Path.of(config.path() + ".copies");
  }

  /**
   * Opens the file, hands its copies to the store in memory, and begins to write; to be called
   * once, on a thread that may wait. The queue's store has to be open: its lock guards this file.
   */
  public void open(Store config) {
    Path path = file(config);
    try {
      CopyFile file = CopyFile.open(path, Seal.of(config.key()), maxBytes);
      int restored = restore(file);
      log.info("{} stored copies of an earlier run are at hand", restored);
      start(file);
    } catch (SQLException | IOException | RuntimeException e) {
      log.warn("Stored copies do not outlive the process: {}: {}", path, e.toString());
      give();
    }
  }

  private int restore(CopyFile file) throws SQLException {
    int[] restored = {0};
    file.each(
        oldest(),
        kept -> {
          if (restorable(kept.key())) {
            copies.restore(kept.key(), kept.tag(), kept.copy());
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
        && !voided.contains(new Voided(key.host(), key.target(), null))
        && !voided.contains(new Voided(key.host(), key.target(), key));
  }

  private synchronized void start(CopyFile file) {
    writer = Threads.daemon(() -> write(file), "sluice-copies");
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
    steps.add(file -> file.put(kept));
  }

  @Override
  public synchronized void dropped(CopyKey key) {
    drop(file -> file.drop(key), new Voided(key.host(), key.target(), key));
  }

  @Override
  public synchronized void dropped(String host, String target) {
    drop(file -> file.drop(host, target), new Voided(host, target, null));
  }

  private synchronized void drop(Step step, Voided gone) {
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
      steps.add(step);
    }
    urgent = true;
    notifyAll();
  }

  private void write(CopyFile file) {
    try (file) {
      boolean more = true;
      while (more) {
        more = await();
        write(file, take());
      }
    } catch (SQLException | RuntimeException e) {
      log.warn("Stored copies do not outlive the process any more: {}", e.toString());
      give();
    }
  }

  /** False once this is closed. */
  private synchronized boolean await() {
    long end = clock.millis() + BEHIND.toMillis();
    try {
      for (long left = BEHIND.toMillis(); !closing && !urgent && left > 0; ) {
        wait(left);
        left = Math.min(left, end - clock.millis());
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
      taken.add(CopyFile::clear);
    }
    steps = new ArrayDeque<>();
    waiting = 0;
    voids = 0;
    urgent = false;
    overflown = false;
    return taken;
  }

  private void write(CopyFile file, Queue<Step> batch) throws SQLException {
    if (!batch.isEmpty()) {
      for (Step step : batch) {
        step.in(file);
      }
      file.commit(oldest());
    }
  }

  private long oldest() {
    return clock.instant().minus(OLDEST).toEpochMilli();
  }

  /** Writes what waits and lets go of the file. */
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
