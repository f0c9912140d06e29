package dev.sluice.gateway.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Durations of one kind as a histogram: with the bounds that OpenTelemetry advises for HTTP, and
 * natively for a Prometheus that asks for that; pushed as well, where numbers are. Safe from any
 * thread.
 */
final class Durations {
  /** Seconds (OpenTelemetry semantic conventions 1.40, HTTP metrics). */
  private static final double[] BOUNDS = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };

  private static final double NANOS = 1e9;

  private final String name;
  private final String[] attributes;
  private final Histogram histogram;
  private final @Nullable MeterRegistry pushed;

  /**
   * @param name by OpenTelemetry's conventions, such as {@code http.server.request.duration}
   * @param attributes likewise; underscores stand for their dots in Prometheus
   */
  Durations(
      PrometheusRegistry prometheus,
      @Nullable MeterRegistry pushed,
      String name,
      String... attributes) {
    this.name = name;
    this.attributes = attributes.clone();
    this.pushed = pushed;
    String[] labels = new String[attributes.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = attributes[i].replace('.', '_');
    }
    histogram =
        Histogram.builder()
            .name(name.replace('.', '_'))
            .unit(Unit.SECONDS)
            .help(MeterHelp.of(name))
            .classicUpperBounds(BOUNDS)
            .labelNames(labels)
            .register(prometheus);
  }

  /** The series with these values, in the order of the attributes; empty where one has none. */
  Series series(String... values) {
    return new Series(histogram.labelValues(values), timer(values));
  }

  private @Nullable Timer timer(String... values) {
    if (pushed == null) {
      return null;
    }
    Tags tags = Tags.empty();
    for (int i = 0; i < values.length; i++) {
      tags = values[i].isEmpty() ? tags : tags.and(attributes[i], values[i]);
    }
    return Timer.builder(name).tags(tags).publishPercentileHistogram().register(pushed);
  }

  /** One combination of attributes; recording allocates nothing, unless a trace is named. */
  record Series(DistributionDataPoint point, @Nullable Timer timer) {
    /**
     * Counts one.
     *
     * @param trace the id of a trace that shows it, as an exemplar; null where there is none
     */
    void record(long nanos, @Nullable String trace) {
      if (trace == null) {
        point.observe(nanos / NANOS);
      } else {
        point.observeWithExemplar(nanos / NANOS, Labels.of("trace_id", trace));
      }
      if (timer != null) {
        timer.record(nanos, TimeUnit.NANOSECONDS);
      }
    }
  }
}
