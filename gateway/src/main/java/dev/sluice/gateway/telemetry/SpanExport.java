package dev.sluice.gateway.telemetry;

import dev.sluice.config.Exports;
import dev.sluice.config.Secret;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans in batches, over HTTP by OpenTelemetry's protocol. What is not taken in time, or is
 * more than 2,048 spans at once, is dropped: requests never wait for it.
 */
public final class SpanExport implements AutoCloseable {
  private static final Duration OFTEN = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LAST = Duration.ofSeconds(2);
  private static final int MOST_WAITING = 2_048;

  /** Kept, for the runtime forgets settings of loggers that nobody holds. */
  private static final Logger TOLD_BETTER = Logger.getLogger("io.opentelemetry");

  private final SdkTracerProvider provider;

  private SpanExport(SdkTracerProvider provider) {
    this.provider = provider;
  }

  /** Null where the files want no spans. */
  public static @Nullable SpanExport of(Exports exports) {
    return exports.traces() ? new SpanExport(provider(exports)) : null;
  }

  private static SdkTracerProvider provider(Exports exports) {
    TOLD_BETTER.setLevel(Level.OFF); // LoggedExporter says it once
    URI to = Objects.requireNonNull(exports.otlp());
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(below(to, "/v1/traces"))
            .setTimeout(PATIENCE)
            .setHeaders(headers(exports.headers()));
    return SdkTracerProvider.builder()
        .setResource(
            Resource.getDefault()
                .merge(
                    Resource.create(
                        Attributes.of(AttributeKey.stringKey("service.name"), exports.service()))))
        .addSpanProcessor(
            BatchSpanProcessor.builder(new LoggedExporter(exporter.build(), to))
                .setScheduleDelay(OFTEN)
                .setExporterTimeout(PATIENCE)
                .setMaxQueueSize(MOST_WAITING)
                .build())
        .build();
  }

  /** The URL of one kind of telemetry at a receiver. */
  static String below(URI receiver, String path) {
    String url = receiver.toString();
    return (url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + path;
  }

  private static Supplier<Map<String, String>> headers(Map<String, Secret> secret) {
    Map<String, String> shown =
        secret.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, header -> header.getValue().reveal()));
    return () -> shown;
  }

  /** Begins spans, on any thread; whoever begins one has decided that it is recorded. */
  public Tracer tracer() {
    return provider.get("dev.sluice");
  }

  /** Sends what waits, for two seconds at most. */
  @Override
  public void close() {
    provider.shutdown().join(LAST.toMillis(), TimeUnit.MILLISECONDS);
  }
}
