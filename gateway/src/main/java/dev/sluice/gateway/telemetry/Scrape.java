package dev.sluice.gateway.telemetry;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Every number at one moment, in one of Prometheus' formats. */
@SuppressWarnings("ArrayRecordComponent")
public record Scrape(String contentType, byte[] body) {
  private static final ExpositionFormats FORMATS = ExpositionFormats.init();

  static Scrape of(MetricSnapshots numbers, @Nullable String accept) {
    ExpositionFormatWriter writer = FORMATS.findWriter(accept);
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 * 1024);
    try {
      writer.write(out, numbers, EscapingScheme.fromAcceptHeader(accept));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return new Scrape(writer.getContentType(), out.toByteArray());
  }
}
