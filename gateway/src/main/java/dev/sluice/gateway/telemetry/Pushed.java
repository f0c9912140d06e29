package dev.sluice.gateway.telemetry;

import dev.sluice.config.Exports;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.HistogramFlavor;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Numbers that are sent by themselves, over HTTP by OpenTelemetry's protocol. */
public final class Pushed implements OtlpConfig {
  private final Exports exports;

  private Pushed(Exports exports) {
    this.exports = exports;
  }

  /** A registry that sends what it counts; null where the files want none. */
  public static @Nullable MeterRegistry of(Exports exports) {
    return exports.metricsEvery() == null
        ? null
        : new OtlpMeterRegistry(new Pushed(exports), Clock.SYSTEM);
  }

  @Override
  public @Nullable String get(String key) {
    return null;
  }

  @Override
  public String url() {
    URI to = Objects.requireNonNull(exports.otlp());
    return SpanExport.below(to, "/v1/metrics");
  }

  @Override
  public Duration step() {
    return Objects.requireNonNull(exports.metricsEvery());
  }

  @Override
  public Map<String, String> resourceAttributes() {
    return Map.of("service.name", exports.service());
  }

  @Override
  public Map<String, String> headers() {
    return exports.headers().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, header -> header.getValue().reveal()));
  }

  @Override
  public HistogramFlavor histogramFlavor() {
    return HistogramFlavor.BASE2_EXPONENTIAL_BUCKET_HISTOGRAM;
  }
}
