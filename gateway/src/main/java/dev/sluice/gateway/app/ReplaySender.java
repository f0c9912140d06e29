package dev.sluice.gateway.app;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import dev.sluice.config.Secret;
import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.replay.Gate;
import dev.sluice.fallback.replay.ReplayOutcome;
import dev.sluice.fallback.replay.Sender;
import dev.sluice.gateway.filter.Slot;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.gateway.identity.OnBehalfOf;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.proxy.Tracing;
import dev.sluice.gateway.proxy.UpstreamClient;
import dev.sluice.gateway.proxy.UpstreamClient.Result;
import dev.sluice.gateway.route.Rewriting;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Permit;
import dev.sluice.probes.mode.BreakerState;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sends queued writes over the data path's connections. Each takes a permit like a live request, so
 * that the first one after an outage is a trial, and a slot of the backend's limit, of which live
 * requests have at least half.
 */
final class ReplaySender implements Sender, Gate {
  private static final Set<String> OWN =
      Set.of("idempotency-key", OnBehalfOf.HEADER.toLowerCase(Locale.ROOT));

  private static final String PARENT = "traceparent";

  private final Supplier<Snapshot> snapshot;
  private final Breakers breakers;
  private final UpstreamClient upstreams;
  private final InstantSource clock;
  private final Identities identities;
  private final @Nullable Tracing tracing;

  ReplaySender(
      Supplier<Snapshot> snapshot,
      Breakers breakers,
      UpstreamClient upstreams,
      InstantSource clock,
      Identities identities,
      @Nullable Tracing tracing) {
    this.tracing = tracing;
    this.clock = clock;
    this.identities = identities;
    this.snapshot = snapshot;
    this.breakers = breakers;
    this.upstreams = upstreams;
  }

  @Override
  public boolean open(String routeId) {
    Snapshot now = snapshot.get();
    return now.configuration()
        .route(routeId)
        .map(
            route -> {
              List<String> needed = now.configuration().dependenciesOf(route);
              return breakers.state(route.backend()) != BreakerState.OPEN
                  && needed.stream().noneMatch(id -> breakers.state(id) == BreakerState.OPEN)
                  && !now.posture().closed(route, needed)
                  && !now.posture().readOnly(needed);
            })
        .orElse(false);
  }

  @Override
  public Mono<ReplayOutcome> send(QueuedWrite write, Duration within) {
    Configuration configuration = snapshot.get().configuration();
    Route route = configuration.route(write.request().routeId()).orElse(null);
    Backend backend = route == null ? null : configuration.backend(route.backend()).orElse(null);
    if (route == null || backend == null) {
      return Mono.just(new ReplayOutcome.NotSent("its route is gone"));
    }
    if (backend.auth() != null && identities.own(backend).isEmpty()) {
      return Mono.just(new ReplayOutcome.NotSent("the gateway's own token cannot be had"));
    }
    Slot slot = upstreams.replay(backend);
    if (slot == null) {
      return Mono.just(new ReplayOutcome.NotSent("the backend is busy with live requests"));
    }
    Permit permit = breakers.permit(backend.id(), configuration.dependenciesOf(route));
    if (permit == null) {
      slot.release();
      return Mono.just(new ReplayOutcome.NotSent("the breaker takes no trial at the moment"));
    }
    List<Map.Entry<String, String>> headers = headers(route, backend, write);
    Span span = traced(headers, route, write);
    return Mono.fromFuture(
            () ->
                upstreams.exchange(
                    backend,
                    Rewriting.of(route.filters(), backend),
                    write.request().method(),
                    write.request().target(),
                    write.request().host(),
                    headers,
                    write.request().body(),
                    shorter(backend.responseDeadline(), within)))
        .doOnNext(result -> settle(permit, result))
        .doOnTerminate(permit::released)
        .doOnCancel(permit::released)
        .doOnNext(result -> tell(span, result))
        .doFinally(
            end -> {
              span.end();
              slot.release();
            })
        .map(ReplaySender::outcome);
  }

  /** A span of the trace that the kept request belongs to, where that is recorded. */
  private Span traced(List<Map.Entry<String, String>> headers, Route route, QueuedWrite write) {
    String kept = null;
    for (Map.Entry<String, String> header : headers) {
      kept = header.getKey().equalsIgnoreCase(PARENT) ? header.getValue() : kept;
    }
    Span span = tracing == null ? null : tracing.replay(kept, route.id(), write.id());
    if (span == null) {
      return Span.getInvalid();
    }
    headers.removeIf(header -> header.getKey().equalsIgnoreCase(PARENT));
    headers.add(Map.entry(PARENT, Tracing.traceparent(span.getSpanContext())));
    return span;
  }

  private static void tell(Span span, Result result) {
    if (result instanceof Result.Answered answered) {
      span.setAttribute("http.response.status_code", answered.answer().status());
    } else {
      String reason =
          result instanceof Result.NotSent unsent
              ? unsent.reason()
              : ((Result.Ambiguous) result).reason();
      span.setStatus(StatusCode.ERROR, reason);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * As accepted, with the same Idempotency-Key on every attempt: the client's, else the id; and
   * where the gateway sends in its own name, on whose behalf.
   */
  private List<Map.Entry<String, String>> headers(Route route, Backend backend, QueuedWrite write) {
    List<Map.Entry<String, String>> headers = new ArrayList<>(write.request().headers());
    headers.removeIf(header -> OWN.contains(header.getKey().toLowerCase(Locale.ROOT)));
    @Nullable String key = write.request().clientKey();
    headers.add(Map.entry("Idempotency-Key", key == null ? write.id() : key));
    Writes writes = route.writes();
    boolean ownName = writes != null && writes.replayAs() == Writes.ReplayAs.GATEWAY;
    if (ownName) {
      identities
          .own(backend)
          .ifPresent(token -> headers.add(Map.entry("Authorization", "Bearer " + token)));
    }
    Secret signs = backend.onBehalfOfKey();
    if (signs != null && ownName) {
      String principal = write.request().principal();
      headers.add(
          Map.entry(
              OnBehalfOf.HEADER,
              OnBehalfOf.of(signs, backend.id(), write.id(), principal, clock.instant())));
    }
    return headers;
  }

  private static void settle(Permit permit, Result result) {
    if (result instanceof Result.Answered answered) {
      int status = answered.answer().status();
      if (status >= 502 && status <= 504) {
        permit.failed(Failure.STATUS_5XX);
      } else if (status >= 500) {
        permit.released();
      } else {
        permit.succeeded();
      }
    } else {
      permit.failed(result instanceof Result.NotSent ? Failure.CONNECT : Failure.RESET);
    }
  }

  private static ReplayOutcome outcome(Result result) {
    if (result instanceof Result.Answered answered) {
      return new ReplayOutcome.Answered(
          answered.answer().status(),
          answered.answer().headers(),
          answered.answer().body(),
          answered.answer().whole());
    }
    return result instanceof Result.NotSent unsent
        ? new ReplayOutcome.NotSent(unsent.reason())
        : new ReplayOutcome.Ambiguous(((Result.Ambiguous) result).reason());
  }
}
