package dev.sluice.gateway.telemetry;

import dev.sluice.fallback.cache.Runway;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** How long the stored answers of each route last. */
final class CopyMeters {
  private final Supplier<List<Runway>> runways;
  private final MultiGauge seconds;

  CopyMeters(MeterRegistry registry, Supplier<List<Runway>> runways) {
    this.runways = runways;
    this.seconds = MultiGauge.builder("sluice.copies.runway.seconds").register(registry);
  }

  void read() {
    List<Row<?>> rows = new ArrayList<>();
    for (Runway runway : runways.get()) {
      rows.add(row(runway, "first", runway.first().toSeconds()));
      rows.add(row(runway, "last", runway.last().toSeconds()));
    }
    seconds.register(rows, true);
  }

  private static Row<Number> row(Runway runway, String end, long value) {
    return Row.of(Tags.of("route", runway.routeId(), "end", end), value);
  }
}
