package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBucket;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DistributionTest {
  private final Distribution distribution = new Distribution();

  @Test
  void aBoundIsWithinItsBucketAndWhatIsLongerIsNot() {
    distribution.record(Duration.ofMillis(5).toNanos(), null);
    distribution.record(Duration.ofMillis(5).toNanos() + 1, null);
    distribution.record(Duration.ofSeconds(10).toNanos(), null);
    distribution.record(Duration.ofSeconds(10).toNanos() + 1, null);
    assertThat(classic(0.005)).isOne();
    assertThat(classic(0.01)).isOne();
    assertThat(classic(10)).isOne();
    assertThat(classic(Double.POSITIVE_INFINITY)).isOne();
    assertThat(snapshot().getSum()).isEqualTo(20.010000002);
  }

  /** The bucket with index i holds what is longer than 2^((i-1)/8) seconds, and up to 2^(i/8). */
  @Test
  void nativeBucketsEndWherePrometheusSays() {
    for (double seconds : new double[] {0.000_01, 0.0042, 0.03, 0.9999, 1, 1.0001, 3, 900}) {
      Distribution one = new Distribution();
      one.record((long) (seconds * 1e9), null);
      NativeHistogramBucket only =
          one.snapshot(Labels.EMPTY).getNativeBucketsForPositiveValues().iterator().next();
      assertThat(seconds)
          .isGreaterThan(Math.pow(2, (only.getBucketIndex() - 1) / 8.0))
          .isLessThanOrEqualTo(Math.pow(2, only.getBucketIndex() / 8.0));
    }
  }

  @Test
  void theShortestAndTheLongestAreCounted() {
    for (long nanos : new long[] {0, 953, Duration.ofDays(30).toNanos(), Long.MAX_VALUE}) {
      distribution.record(nanos, null);
    }
    assertThat(snapshot().getNativeZeroCount()).isEqualTo(2);
    assertThat(snapshot().getNativeBucketsForPositiveValues().size()).isOne();
    assertThat(classic(0.005)).isEqualTo(2);
    assertThat(classic(Double.POSITIVE_INFINITY)).isEqualTo(2);
  }

  /** Prometheus refuses a histogram whose two forms count differently. */
  @Test
  void bothFormsAgreeInEachScrapeWhileOthersCount() throws InterruptedException {
    int each = 200_000;
    ExecutorService threads = Executors.newFixedThreadPool(2);
    for (int seed = 0; seed < 2; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      threads.execute(
          () ->
              random
                  .longs(each, 100, Duration.ofSeconds(20).toNanos())
                  .forEach(nanos -> distribution.record(nanos, null)));
    }
    threads.shutdown();
    long before = 0;
    do {
      long count = snapshot().getCount(); // fails where they differ
      assertThat(count).isGreaterThanOrEqualTo(before);
      before = count;
    } while (!threads.awaitTermination(1, TimeUnit.MILLISECONDS));
    assertThat(snapshot().getCount()).isEqualTo(2L * each);
  }

  @Test
  void theLatestTraceOfABucketIsItsExemplar() {
    distribution.record(1_000_000, "a");
    distribution.record(2_000_000, "b");
    distribution.record(Duration.ofSeconds(60).toNanos(), "c");
    assertThat(snapshot().getExemplars())
        .extracting(exemplar -> exemplar.getLabels().get("trace_id"))
        .containsExactly("b", "c");
  }

  private HistogramDataPointSnapshot snapshot() {
    return distribution.snapshot(Labels.EMPTY);
  }

  private long classic(double bound) {
    for (ClassicHistogramBucket bucket : snapshot().getClassicBuckets()) {
      if (bucket.getUpperBound() == bound) {
        return bucket.getCount();
      }
    }
    throw new AssertionError("no bucket ends at " + bound);
  }
}
