package dev.sluice.gateway.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that spans are not taken, and once that they are again. */
final class LoggedExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.telemetry");

  private final SpanExporter exporter;
  private final URI to;
  private final AtomicLong dropped = new AtomicLong();

  LoggedExporter(SpanExporter exporter, URI to) {
    this.exporter = exporter;
    this.to = to;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    result.whenComplete(() -> ended(result.isSuccess(), spans.size()));
    return result;
  }

  private void ended(boolean taken, int spans) {
    if (!taken && dropped.getAndAdd(spans) == 0) {
      LOG.warn("spans are dropped: {} does not take them", to);
    } else if (taken) {
      long gone = dropped.getAndSet(0);
      if (gone > 0) {
        LOG.info("{} takes spans again; {} were dropped", to, gone);
      }
    }
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
