package dev.sluice.gateway.app;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.replay.Gate;
import dev.sluice.fallback.replay.ReplayOutcome;
import dev.sluice.fallback.replay.Sender;
import dev.sluice.gateway.filter.Slot;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.gateway.proxy.UpstreamClient;
import dev.sluice.gateway.proxy.UpstreamClient.Result;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.breaker.Permit;
import dev.sluice.probes.mode.BreakerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sends queued writes over the data path's connections. Each takes a permit like a live request, so
 * that the first one after an outage is a trial, and a slot of the backend's limit, of which live
 * requests have at least half.
 */
final class ReplaySender implements Sender, Gate {
  private final Configuration configuration;
  private final Supplier<Snapshot> snapshot;
  private final Breakers breakers;
  private final UpstreamClient upstreams;

  ReplaySender(
      Configuration configuration,
      Supplier<Snapshot> snapshot,
      Breakers breakers,
      UpstreamClient upstreams) {
    this.configuration = configuration;
    this.snapshot = snapshot;
    this.breakers = breakers;
    this.upstreams = upstreams;
  }

  @Override
  public boolean open(String routeId) {
    return route(routeId)
        .map(
            route -> {
              List<String> needed = configuration.dependenciesOf(route);
              return breakers.state(route.backend()) != BreakerState.OPEN
                  && needed.stream().noneMatch(id -> breakers.state(id) == BreakerState.OPEN)
                  && !snapshot.get().posture().readOnly(needed);
            })
        .orElse(false);
  }

  private Optional<Route> route(String id) {
    return configuration.routes().stream().filter(route -> route.id().equals(id)).findFirst();
  }

  @Override
  public Mono<ReplayOutcome> send(QueuedWrite write, Duration within) {
    Route route = route(write.request().routeId()).orElse(null);
    Backend backend = route == null ? null : configuration.backend(route.backend()).orElse(null);
    if (route == null || backend == null) {
      return Mono.just(new ReplayOutcome.NotSent("its route is gone"));
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
    return Mono.fromFuture(
            () ->
                upstreams.exchange(
                    backend,
                    write.request().method(),
                    write.request().target(),
                    write.request().host(),
                    headers(write),
                    write.request().body(),
                    shorter(backend.responseDeadline(), within)))
        .doOnNext(result -> settle(permit, result))
        .doOnTerminate(permit::released)
        .doOnCancel(permit::released)
        .doFinally(end -> slot.release())
        .map(ReplaySender::outcome);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** As accepted, with the same Idempotency-Key on every attempt: the client's, else the id. */
  private static List<Map.Entry<String, String>> headers(QueuedWrite write) {
    List<Map.Entry<String, String>> headers = new ArrayList<>(write.request().headers());
    headers.removeIf(header -> header.getKey().equalsIgnoreCase("idempotency-key"));
    @Nullable String key = write.request().clientKey();
    headers.add(Map.entry("Idempotency-Key", key == null ? write.id() : key));
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
