package dev.sluice.probes.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The calls under way in half-open. One that is not over within ten seconds loses its slot, and
 * what becomes of it later counts for nothing: a stream without an end would hold it for ever.
 */
final class Trials {
  static final long LONGEST = TimeUnit.SECONDS.toNanos(10);

  private final CircuitBreaker counter;
  private final AtomicReferenceArray<@Nullable Trial> slots;

  /** The counter permits as many calls as there are slots. */
  Trials(CircuitBreaker counter, int slots) {
    this.counter = counter;
    this.slots = new AtomicReferenceArray<>(slots);
  }

  /** One call; told apart from others by identity. */
  static final class Trial {
    /** Of a closed breaker, which counts no trials. */
    static final Trial NONE = new Trial(0, 0);

    private final int slot;
    private final long since;

    private Trial(int slot, long since) {
      this.slot = slot;
      this.since = since;
    }
  }

  /** A slot for one call, or null when all are taken. */
  @Nullable Trial begin(long now) {
    free(now);
    return counter.tryAcquirePermission() ? place(now) : null;
  }

  /** Ends a trial; false when it is over already. */
  boolean end(Trial trial) {
    return slots.compareAndSet(trial.slot, trial, null);
  }

  /** Gives the slot of an ended trial to another call. */
  void release() {
    counter.releasePermission();
  }

  private void free(long now) {
    for (int i = 0; i < slots.length(); i++) {
      Trial trial = slots.get(i);
      if (trial != null && now - trial.since >= LONGEST && end(trial)) {
        release();
      }
    }
  }

  /** Finds none when the counter has just decided and permits everything: the phase is over. */
  private @Nullable Trial place(long now) {
    for (int i = 0; i < slots.length(); i++) {
      Trial trial = new Trial(i, now);
      if (slots.compareAndSet(i, null, trial)) {
        return trial;
      }
    }
    release();
    return null;
  }
}
