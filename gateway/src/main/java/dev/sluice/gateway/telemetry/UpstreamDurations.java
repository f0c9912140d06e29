package dev.sluice.gateway.telemetry;

import dev.sluice.config.Backend;
import dev.sluice.config.Backend.Address;
import dev.sluice.gateway.proxy.ExchangeObserver.Tried;
import dev.sluice.probes.breaker.Failure;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * {@code http.client.request.duration}: each try at a backend, up to the answer's head or to its
 * failure. Recording an answer allocates nothing. Safe from any thread.
 */
final class UpstreamDurations {
  static final String NAME = "http.client.request.duration";

  private static final int STATUSES = 600;

  private final Durations durations;
  private final Map<String, Known> backends = new ConcurrentHashMap<>();

  /** The series of a backend, for as long as it has this address. */
  private record Known(
      Address address,
      AtomicReferenceArray<Durations.@Nullable Series> answered,
      Map<String, Durations.Series> failed) {
    static Known of(Address address) {
      return new Known(
          address, new AtomicReferenceArray<>(Methods.COUNT * STATUSES), new ConcurrentHashMap<>());
    }
  }

  UpstreamDurations(PrometheusRegistry prometheus, @Nullable MeterRegistry pushed) {
    durations =
        Durations.in(
            prometheus,
            pushed,
            NAME,
            "http.request.method",
            "http.response.status_code",
            "server.address",
            "server.port",
            "error.type",
            "backend");
  }

  void record(Tried tried) {
    Known known = of(tried.backend());
    int method = Methods.index(tried.method());
    Failure failure = tried.failure();
    Durations.Series series =
        failure == null
            ? answered(known.answered(), tried, method)
            : known
                .failed()
                .computeIfAbsent(
                    failure.label() + Methods.name(method), any -> made(tried, method));
    series.record(tried.nanos(), tried.origin().recordedTrace());
  }

  private Durations.Series answered(
      AtomicReferenceArray<Durations.@Nullable Series> all, Tried tried, int method) {
    int index = method * STATUSES + tried.status() % STATUSES;
    Durations.Series series = all.get(index);
    if (series == null) {
      series = made(tried, method);
      all.set(index, series);
    }
    return series;
  }

  @SuppressWarnings("ReferenceEquality") // what a reload leaves as it was is the same object
  private Known of(Backend backend) {
    Known known = backends.get(backend.id());
    if (known == null || known.address() != backend.address()) {
      known = Known.of(backend.address());
      backends.put(backend.id(), known);
    }
    return known;
  }

  private Durations.Series made(Tried tried, int method) {
    Failure failure = tried.failure();
    String status = Integer.toString(tried.status());
    String error = tried.status() >= 400 ? status : "";
    return durations.series(
        Methods.name(method),
        failure == null ? status : "",
        tried.backend().address().host(),
        Integer.toString(tried.backend().address().port()),
        failure == null ? error : failure.label(),
        tried.backend().id());
  }
}
