package dev.sluice.gateway.telemetry;

import dev.sluice.gateway.proxy.upstream.UpstreamFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The connections to backends, read once for each scrape, since addresses come and go. */
final class UpstreamMeters {
  private final MeterRegistry registry;
  private final Supplier<List<UpstreamFigures>> figures;
  private final Map<String, UpstreamFigures> latest = new ConcurrentHashMap<>();
  private final MultiGauge ejected;

  UpstreamMeters(MeterRegistry registry, Supplier<List<UpstreamFigures>> figures) {
    this.registry = registry;
    this.figures = figures;
    ejected = MultiGauge.builder("sluice.upstream.ejected").register(registry);
  }

  void read() {
    List<Row<?>> rows = new ArrayList<>();
    for (UpstreamFigures each : figures.get()) {
      if (latest.put(each.backend(), each) == null) {
        show(each.backend());
      }
      each.ejected()
          .forEach(
              (address, out) ->
                  rows.add(
                      Row.of(Tags.of("backend", each.backend(), "address", address), out ? 1 : 0)));
    }
    ejected.register(rows, true);
  }

  private void show(String backend) {
    gauge(backend, "open", UpstreamFigures::open);
    gauge(backend, "idle", UpstreamFigures::idle);
    counter("sluice.upstream.connects", backend, UpstreamFigures::connects);
    counter("sluice.upstream.connect.failures", backend, UpstreamFigures::failures);
    counter("sluice.upstream.ejections", backend, UpstreamFigures::ejections);
  }

  private void gauge(String backend, String state, ToDoubleFunction<UpstreamFigures> of) {
    Gauge.builder("sluice.upstream.connections", latest, all -> of.applyAsDouble(all.get(backend)))
        .tags("backend", backend, "state", state)
        .register(registry);
  }

  private void counter(String name, String backend, ToDoubleFunction<UpstreamFigures> of) {
    FunctionCounter.builder(name, latest, all -> of.applyAsDouble(all.get(backend)))
        .tags("backend", backend)
        .register(registry);
  }
}
