package dev.sluice.probes.history;

import java.util.Arrays;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was measured in each of the last sixty minutes: durations of what held, up to {@value
 * #MOST_VALUES} a minute, and how often it failed. Belongs to one thread.
 */
final class Minutes {
  static final int KEPT = 60;

  /** A dependency in doubt is climbed once a second. */
  static final int MOST_VALUES = 64;

  private final Minute[] ring = new Minute[KEPT];
  private long newest = Long.MIN_VALUE;

  /** One minute. */
  private static final class Minute {
    final long number;
    final int[] values = new int[MOST_VALUES];
    int count;
    int failures;

    Minute(long number) {
      this.number = number;
    }
  }

  /** A duration in milliseconds, in this minute since the epoch. */
  void held(long minute, long millis) {
    Minute at = at(minute);
    if (at != null && at.count < MOST_VALUES) {
      at.values[at.count++] = (int) Math.min(Integer.MAX_VALUE, millis);
    }
  }

  void failed(long minute) {
    Minute at = at(minute);
    if (at != null) {
      at.failures++;
    }
  }

  /** Null for a minute that is no longer kept, as after a clock that was set back. */
  private @Nullable Minute at(long minute) {
    if (newest != Long.MIN_VALUE && minute <= newest - KEPT) {
      return null;
    }
    newest = Math.max(newest, minute);
    int slot = (int) Math.floorMod(minute, (long) KEPT);
    Minute known = ring[slot];
    if (known == null || known.number != minute) {
      known = new Minute(minute);
      ring[slot] = known;
    }
    return known;
  }

  /** The durations of so many minutes up to this one, in ascending order. */
  int[] sorted(long last, int minutes) {
    int[] all = new int[minutes * MOST_VALUES];
    int count = 0;
    for (Minute minute : ring) {
      if (minute != null && minute.number <= last && minute.number > last - minutes) {
        System.arraycopy(minute.values, 0, all, count, minute.count);
        count += minute.count;
      }
    }
    int[] values = Arrays.copyOf(all, count);
    Arrays.sort(values);
    return values;
  }

  /** Durations in the hour up to this minute. */
  int held(long last) {
    return sum(last, minute -> minute.count);
  }

  /** Failures in the hour up to this minute. */
  int failures(long last) {
    return sum(last, minute -> minute.failures);
  }

  private int sum(long last, ToIntFunction<Minute> figure) {
    int sum = 0;
    for (Minute minute : ring) {
      if (minute != null && minute.number <= last && minute.number > last - KEPT) {
        sum += figure.applyAsInt(minute);
      }
    }
    return sum;
  }

  /** The value at this share of ascending values, from 0 to 1; -1 where there is none. */
  static int quantile(int[] sorted, double share) {
    return sorted.length == 0
        ? -1
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
