package dev.sluice.gateway.telemetry;

import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Origin;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * {@code http.server.request.duration}: each request, by OpenTelemetry's attributes and by route
 * and outcome. A series is looked up by what the caller has already: recording allocates nothing.
 * Safe from any thread.
 */
final class RequestDurations {
  static final String NAME = "http.server.request.duration";

  private static final int STATUSES = 600;

  private final Durations durations;
  private final Map<String, Map<Outcome, AtomicReferenceArray<@Nullable Statuses>>> routes =
      new ConcurrentHashMap<>();

  /** The series of one route, outcome, method, scheme and version. */
  private static final class Statuses extends AtomicReferenceArray<Durations.@Nullable Series> {
    private static final long serialVersionUID = 1;

    Statuses() {
      super(STATUSES);
    }
  }

  RequestDurations(PrometheusRegistry prometheus, @Nullable MeterRegistry pushed) {
    durations =
        Durations.in(
            prometheus,
            pushed,
            NAME,
            "http.request.method",
            "http.response.status_code",
            "http.route",
            "url.scheme",
            "network.protocol.version",
            "error.type",
            "route",
            "outcome");
  }

  void record(Ended exchange) {
    Origin origin = exchange.origin();
    int method = Methods.index(exchange.method());
    int form = (method * 2 + (origin.secure() ? 1 : 0)) * Versions.COUNT + origin.version();
    Statuses statuses = statuses(exchange, form);
    int status = exchange.status() >= 100 && exchange.status() < STATUSES ? exchange.status() : 0;
    Durations.Series series = statuses.get(status);
    if (series == null) {
      series = made(exchange, method, status);
      statuses.set(status, series);
    }
    series.record(exchange.nanos(), origin.recordedTrace());
  }

  private Statuses statuses(Ended exchange, int form) {
    Map<Outcome, AtomicReferenceArray<@Nullable Statuses>> outcomes =
        routes.get(exchange.routeId());
    if (outcomes == null) {
      outcomes = routes.computeIfAbsent(exchange.routeId(), id -> new ConcurrentHashMap<>());
    }
    AtomicReferenceArray<@Nullable Statuses> forms = outcomes.get(exchange.outcome());
    if (forms == null) {
      forms =
          outcomes.computeIfAbsent(
              exchange.outcome(),
              o -> new AtomicReferenceArray<>(Methods.COUNT * 2 * Versions.COUNT));
    }
    Statuses known = forms.get(form);
    if (known != null) {
      return known;
    }
    forms.compareAndSet(form, null, new Statuses());
    return Objects.requireNonNull(forms.get(form));
  }

  /** Two threads that make the same one at once both get the same distribution. */
  private Durations.Series made(Ended exchange, int method, int status) {
    Origin origin = exchange.origin();
    return durations.series(
        Methods.name(method),
        status == 0 ? "" : Integer.toString(status),
        origin.pattern(),
        origin.secure() ? "https" : "http",
        Versions.name(origin.version()),
        error(exchange.outcome(), status),
        exchange.routeId(),
        exchange.outcome().label());
  }

  /** What went wrong on the server's side; the number where it was told to the client. */
  private static String error(Outcome outcome, int status) {
    return switch (outcome) {
      case UPSTREAM_FAILED -> status >= 500 ? Integer.toString(status) : outcome.label();
      case CLIENT_GONE -> outcome.label();
      default -> status >= 500 ? Integer.toString(status) : "";
    };
  }
}
