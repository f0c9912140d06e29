package dev.sluice.gateway.telemetry;

import io.micrometer.core.instrument.Clock;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How often durations of one kind were seen. Counting waits for nobody, and a scrape for nobody: a
 * duration is added to one cell, and cells are cut so finely that the buckets of both forms of
 * histogram are sums of them, which therefore agree in each scrape.
 *
 * <p>Classic buckets end at the bounds that OpenTelemetry advises for HTTP (semantic conventions
 * 1.40, HTTP metrics). Native ones have eight ends for each doubling (Prometheus' native
 * histograms, schema 3), from a microsecond to a day and a half; what is shorter is in the zero
 * bucket, what is longer in the last one. Safe from any thread.
 */
final class Distribution {
  private static final int SCHEMA = 3;
  private static final double NANOS = 1e9;

  /** The exponents of two at which native buckets begin and end, of seconds. */
  private static final int LEAST = -20;

  private static final int MOST = 17;

  /** The last is for what is longer than all others. */
  private static final double[] CLASSIC = {
    0.005,
    0.01,
    0.025,
    0.05,
    0.075,
    0.1,
    0.25,
    0.5,
    0.75,
    1,
    2.5,
    5,
    7.5,
    10,
    Double.POSITIVE_INFINITY
  };

  private static final double[] NATIVE =
      IntStream.rangeClosed(LEAST << SCHEMA, MOST << SCHEMA)
          .mapToDouble(index -> Math.pow(2, index / (double) (1 << SCHEMA)))
          .toArray();

  /** The longest duration of each cell, in seconds; the last one has none. */
  private static final double[] ENDS =
      DoubleStream.concat(DoubleStream.of(NATIVE), DoubleStream.of(CLASSIC))
          .sorted()
          .distinct()
          .toArray();

  private static final long[] ENDS_NANOS =
      DoubleStream.of(ENDS).mapToLong(end -> Math.round(end * NANOS)).toArray();

  private final AtomicLongArray cells = new AtomicLongArray(ENDS.length);
  private final LongAdder nanos = new LongAdder();

  /** The latest one of each classic bucket. */
  private final AtomicReferenceArray<@Nullable Exemplar> exemplars =
      new AtomicReferenceArray<>(CLASSIC.length);

  /**
   * Counts one; allocates nothing, unless a trace is named.
   *
   * @param trace the id of a trace that shows it, as an exemplar; null where there is none
   */
  void record(long duration, @Nullable String trace) {
    cells.getAndIncrement(place(Arrays.binarySearch(ENDS_NANOS, duration)));
    nanos.add(duration);
    if (trace != null) {
      double seconds = duration / NANOS;
      exemplars.set(
          place(Arrays.binarySearch(CLASSIC, seconds)),
          new Exemplar(seconds, Labels.of(Exemplar.TRACE_ID, trace), Clock.SYSTEM.wallTime()));
    }
  }

  /** What was counted up to now. */
  HistogramDataPointSnapshot snapshot(Labels labels) {
    long[] classic = new long[CLASSIC.length];
    long[] fine = new long[NATIVE.length];
    for (int cell = 0; cell < ENDS.length; cell++) {
      long count = cells.get(cell);
      classic[place(Arrays.binarySearch(CLASSIC, ENDS[cell]))] += count;
      int bucket = place(Arrays.binarySearch(NATIVE, ENDS[cell]));
      fine[Math.min(bucket, NATIVE.length - 1)] += count;
    }
    return new HistogramDataPointSnapshot(
        ClassicHistogramBuckets.of(CLASSIC, classic),
        SCHEMA,
        fine[0],
        NATIVE[0],
        buckets(fine),
        NativeHistogramBuckets.EMPTY,
        nanos.sum() / NANOS,
        labels,
        exemplars(),
        0);
  }

  /** Those that have been seen; the first end is the zero bucket's. */
  private static NativeHistogramBuckets buckets(long[] fine) {
    NativeHistogramBuckets.Builder seen = NativeHistogramBuckets.builder();
    for (int i = 1; i < fine.length; i++) {
      if (fine[i] > 0) {
        seen.bucket((LEAST << SCHEMA) + i, fine[i]);
      }
    }
    return seen.build();
  }

  private Exemplars exemplars() {
    List<Exemplar> known = new ArrayList<>();
    for (int i = 0; i < exemplars.length(); i++) {
      Exemplar exemplar = exemplars.get(i);
      if (exemplar != null) {
        known.add(exemplar);
      }
    }
    return Exemplars.of(known);
  }

  /** Where it was found, or the first that is not less. */
  private static int place(int searched) {
    return searched >= 0 ? searched : -searched - 1;
  }
}
