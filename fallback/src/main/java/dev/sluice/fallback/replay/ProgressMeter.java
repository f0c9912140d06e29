package dev.sluice.fallback.replay;

import java.time.Duration;
import java.time.Instant;

/** Counts ended writes and tells how fast they end. Safe from any thread; nothing waits long. */
public final class ProgressMeter {
  private static final int SECONDS = 30;

  private final long[] ended = new long[SECONDS];
  private long second = Long.MIN_VALUE;
  private long begun = Long.MAX_VALUE;
  private long done;

  /** A write came to its end. */
  public synchronized void ended(Instant now) {
    advance(now.getEpochSecond());
    begun = Math.min(begun, second);
    ended[slot(second)]++;
    done++;
  }

  /** Nothing waits any more: what comes next is counted anew. */
  public synchronized void drained() {
    done = 0;
    begun = Long.MAX_VALUE;
  }

  /** Where it stands, with so many writes left. */
  public synchronized Progress figures(Instant now, long left) {
    advance(now.getEpochSecond());
    long sum = 0;
    for (long each : ended) {
      sum += each;
    }
    long span = begun == Long.MAX_VALUE ? SECONDS : Math.min(SECONDS, second - begun + 1);
    double rate = sum / (double) span;
    Duration remaining =
        left == 0 || rate <= 0 ? null : Duration.ofSeconds((long) Math.ceil(left / rate));
    return new Progress(done, left, rate, remaining);
  }

  /** Empties the slots that time has passed by. */
  private void advance(long to) {
    if (to <= second) {
      return;
    }
    long from = Math.max(second + 1, to - SECONDS + 1);
    for (long each = from; each <= to; each++) {
      ended[slot(each)] = 0;
    }
    second = to;
  }

  private static int slot(long second) {
    return Math.floorMod(second, SECONDS);
  }
}
