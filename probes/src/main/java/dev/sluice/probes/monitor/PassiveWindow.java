package dev.sluice.probes.monitor;

import dev.sluice.probes.verdict.Passive;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Outcomes of live requests in the last ten seconds, counted by the second without a lock. */
final class PassiveWindow {
  static final int SUCCEEDED = 0;
  static final int MARKED = 1;
  static final int UNMARKED = 2;
  static final int FAILED = 3;

  /** Waits overly long; no outcome yet, and told again and again. */
  static final int SLOW = 4;

  private static final int KINDS = 5;
  private static final int LATELY = 3;
  private static final int JUST_NOW = 2;

  /** One that waits is told four times a second: most of all requests do. */
  private static final int STALLS = 6;

  private static final int SECONDS = 10;

  private final AtomicReferenceArray<@Nullable Bucket> buckets =
      new AtomicReferenceArray<>(SECONDS);

  void count(int outcome, long nanos) {
    long second = second(nanos);
    int slot = (int) Math.floorMod(second, (long) SECONDS);
    Bucket bucket = buckets.get(slot);
    while (bucket == null || bucket.second != second) {
      buckets.compareAndSet(slot, bucket, new Bucket(second));
      bucket = buckets.get(slot);
    }
    bucket.counts.incrementAndGet(outcome);
  }

  Passive read(long nanos) {
    long now = second(nanos);
    int[] sums = new int[KINDS];
    int[] lately = new int[KINDS];
    int[] justNow = new int[KINDS];
    for (int slot = 0; slot < SECONDS; slot++) {
      Bucket bucket = buckets.get(slot);
      if (bucket != null && now - bucket.second < SECONDS) {
        bucket.addTo(sums);
        if (now - bucket.second < LATELY) {
          bucket.addTo(lately);
        }
        if (now - bucket.second < JUST_NOW) {
          bucket.addTo(justNow);
        }
      }
    }
    return new Passive(
        sums[SUCCEEDED],
        sums[MARKED],
        sums[UNMARKED],
        sums[FAILED],
        stalls(justNow) || turned(lately));
  }

  private static boolean turned(int[] lately) {
    int good = lately[SUCCEEDED];
    int errors = lately[MARKED] + lately[UNMARKED] + lately[FAILED];
    return errors > 1 && Passive.mostFail(errors, good);
  }

  private static boolean stalls(int[] justNow) {
    return justNow[SLOW] > 0 && justNow[SLOW] >= STALLS * justNow[SUCCEEDED];
  }

  private static long second(long nanos) {
    return Math.floorDiv(nanos, TimeUnit.SECONDS.toNanos(1));
  }

  private static final class Bucket {
    final long second;
    final AtomicIntegerArray counts = new AtomicIntegerArray(KINDS);

    Bucket(long second) {
      this.second = second;
    }

    void addTo(int[] sums) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += counts.get(i);
      }
    }
  }
}
