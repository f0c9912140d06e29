package dev.sluice.gateway.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Durations of one kind as a histogram, in the form that Prometheus asks for; pushed as well, where
 * numbers are. Safe from any thread.
 */
final class Durations implements Collector {
  private final String name;
  private final String[] attributes;
  private final String[] labels;
  private final MetricFamilyDescriptor family;
  private final Map<Labels, Distribution> distributions = new ConcurrentHashMap<>();
  private final @Nullable MeterRegistry pushed;

  private Durations(@Nullable MeterRegistry pushed, String name, String... attributes) {
    this.name = name;
    this.attributes = attributes.clone();
    this.pushed = pushed;
    labels = new String[attributes.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = attributes[i].replace('.', '_');
    }
    family =
        MetricFamilyDescriptor.histogram(name.replace('.', '_') + "_seconds")
            .unit(Unit.SECONDS)
            .help(MeterHelp.of(name))
            .labelNames(labels)
            .build();
  }

  /**
   * Durations that this registry shows.
   *
   * @param name by OpenTelemetry's conventions, such as {@code http.server.request.duration}
   * @param attributes likewise; underscores stand for their dots in Prometheus
   */
  static Durations in(
      PrometheusRegistry prometheus,
      @Nullable MeterRegistry pushed,
      String name,
      String... attributes) {
    Durations durations = new Durations(pushed, name, attributes);
    prometheus.register(durations);
    return durations;
  }

  /** The series with these values, in the order of the attributes; empty where one has none. */
  Series series(String... values) {
    return new Series(
        distributions.computeIfAbsent(Labels.of(labels, values), any -> new Distribution()),
        timer(values));
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

  @Override
  public HistogramSnapshot collect() {
    return new HistogramSnapshot(
        family.getMetadata(),
        distributions.entrySet().stream()
            .map(series -> series.getValue().snapshot(series.getKey()))
            .toList());
  }

  @Override
  public MetricFamilyDescriptor getMetricFamilyDescriptor() {
    return family;
  }

  /** One combination of attributes; recording allocates nothing, unless a trace is named. */
  record Series(Distribution distribution, @Nullable Timer timer) {
    /**
     * Counts one.
     *
     * @param trace the id of a trace that shows it, as an exemplar; null where there is none
     */
    void record(long nanos, @Nullable String trace) {
      distribution.record(nanos, trace);
      if (timer != null) {
        timer.record(nanos, TimeUnit.NANOSECONDS);
      }
    }
  }
}
