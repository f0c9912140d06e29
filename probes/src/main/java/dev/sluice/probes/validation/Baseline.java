package dev.sluice.probes.validation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How long connections to one dependency took while all was well: counts in buckets, each an eighth
 * wider than the one before. Immutable.
 */
public final class Baseline {
  /** Nothing is known. */
  public static final Baseline EMPTY = new Baseline(new int[0]);

  /** Fewer tell nothing of a usual day. */
  static final int FEWEST = 200;

  /** The buckets go from an eighth of a millisecond to some minutes. */
  private static final int BUCKETS = 128;

  private static final double NARROWEST = .125;
  private static final double WIDER = 1.125;

  /** Not slower by less than this, however sure it is. */
  private static final double MATTERS = 1.5;

  /** And by so many milliseconds. */
  private static final double FLOOR = 5;

  /** One look in so many that finds nothing is wrong. */
  private static final double CHANCE = 1e-5;

  private static final double[] SHARES = {.5, .95, .99};

  private final int[] counts;

  private Baseline(int[] counts) {
    this.counts = counts;
  }

  /** Of these durations in milliseconds. */
  public static Baseline of(List<Double> millis) {
    int[] counts = new int[BUCKETS];
    millis.forEach(each -> counts[index(each)]++);
    return new Baseline(counts);
  }

  private static int index(double millis) {
    double steps = Math.log(Math.max(millis, NARROWEST) / NARROWEST) / Math.log(WIDER);
    return Math.min(BUCKETS - 1, (int) Math.ceil(steps));
  }

  /** The upper end of a bucket. */
  private static double upTo(int index) {
    return NARROWEST * Math.pow(WIDER, index);
  }

  /** Both together. */
  public Baseline and(Baseline other) {
    int[] sum = new int[BUCKETS];
    for (Baseline each : List.of(this, other)) {
      for (int i = 0; i < each.counts.length; i++) {
        sum[i] += each.counts[i];
      }
    }
    return new Baseline(sum);
  }

  /** How many connections it knows of. */
  public int total() {
    return Arrays.stream(counts).sum();
  }

  /** Whether it knows enough to be compared with. */
  public boolean tells() {
    return total() >= FEWEST;
  }

  /**
   * The duration that this share is not above.
   *
   * @param share from 0 to 1
   */
  public double quantile(double share) {
    long left = (long) Math.ceil(share * total());
    for (int i = 0; i < counts.length; i++) {
      left -= counts[i];
      if (left <= 0) {
        return upTo(i);
      }
    }
    return upTo(BUCKETS - 1);
  }

  /** The share that took longer, never quite none. */
  private double above(double millis) {
    long more = 0;
    for (int i = index(millis) + 1; i < counts.length; i++) {
      more += counts[i];
    }
    return (more + 1.0) / (total() + 1.0);
  }

  /**
   * Whether connections take longer than they did. It is asked at the median, the 95th and the 99th
   * per cent whether more are above one and a half of what was usual there than a half, a twentieth
   * and a hundredth of them, and how likely so many would be by chance. Fewer would do if each were
   * as slow as it happens to be; but what slows one down for a moment slows its neighbours too.
   *
   * @return a clause that says where; null when they do not, or nobody can say
   */
  public @Nullable String slower(List<Double> millis) {
    if (!tells()) {
      return null;
    }
    for (double share : SHARES) {
      double usual = quantile(share);
      double limit = Math.max(usual * MATTERS, usual + FLOOR);
      int above = (int) millis.stream().filter(each -> each > limit).count();
      double usually = Math.max(1 - share, above(limit));
      if (above > 0 && Rate.atLeast(above, millis.size(), Math.min(1, usually)) < CHANCE) {
        return String.format(
            Locale.ROOT,
            "%d of %d took longer than %.1f ms, where p%.0f is %.1f ms on usual days",
            above,
            millis.size(),
            limit,
            share * 100,
            usual);
      }
    }
    return null;
  }

  /** For the store: {@code bucket:count} of those that are not empty. */
  public String written() {
    return IntStream.range(0, counts.length)
        .filter(i -> counts[i] > 0)
        .mapToObj(i -> i + ":" + counts[i])
        .collect(Collectors.joining(","));
  }

  /** What was {@link #written}; null for another text. */
  public static @Nullable Baseline read(String text) {
    int[] counts = new int[BUCKETS];
    if (text.isEmpty()) {
      return EMPTY;
    }
    for (String pair : text.split(",", -1)) {
      if (!pair.matches("[0-9]{1,3}:[0-9]{1,8}")) {
        return null;
      }
      int colon = pair.indexOf(':');
      int index = Integer.parseInt(pair.substring(0, colon));
      if (index >= BUCKETS) {
        return null;
      }
      counts[index] = Integer.parseInt(pair.substring(colon + 1));
    }
    return new Baseline(counts);
  }
}
