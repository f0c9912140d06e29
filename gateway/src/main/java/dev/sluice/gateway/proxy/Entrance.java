package dev.sluice.gateway.proxy;

import dev.sluice.config.Enforcement;
import dev.sluice.config.RateLimit;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.CacheStatus;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.gateway.filter.BackendLimit;
import dev.sluice.gateway.filter.RateRefusal;
import dev.sluice.gateway.filter.Slot;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.proxy.Gatekeeper.Passage;
import dev.sluice.gateway.route.Decision;
import io.netty.handler.codec.http.FullHttpResponse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where requests that are to be forwarded meet the limits: each passes at once, waits for its turn,
 * or is refused. Health answers, stored copies and queued writes never come by here. A fault in
 * here lets the request pass.
 */
final class Entrance {
  private static final int RETRY_SECONDS = 3;

  private final Reception reception;
  private final DataPathServices services;
  private final Overload overload;

  Entrance(Reception reception, Overload overload) {
    this.reception = reception;
    this.services = reception.services();
    this.overload = overload;
  }

  /** What becomes of a request at the entrance. */
  private sealed interface Entry {
    record Pass(Slot slot) implements Entry {}

    record Wait(BackendLimit limit) implements Entry {}

    record Shed(String why) implements Entry {}

    record Limited(RateRefusal refusal) implements Entry {}
  }

  /** Forwards the request, now or later, or refuses it. */
  void enter(ClientHandler client, Asked asked, Passage passage, Decision.Forward forward) {
    Entry entry = entry(asked, forward);
    if (entry instanceof Entry.Pass pass) {
      reception.forward(client, asked, passage, forward, pass.slot());
    } else if (entry instanceof Entry.Wait wait) {
      new Waiting(reception, client, asked, passage, forward, wait.limit()).begin();
    } else if (entry instanceof Entry.Shed shed) {
      shed(client, asked, passage, shed.why());
    } else if (entry instanceof Entry.Limited limited) {
      limit(client, asked, passage, limited.refusal());
    }
  }

  private Entry entry(Asked asked, Decision.Forward forward) {
    if (services.passthrough().getAsBoolean()) {
      return new Entry.Pass(Slot.NONE);
    }
    try {
      boolean enforced = asked.matched().route().mode() == Enforcement.ENFORCE;
      BackendLimit limit = overload.limits().of(asked.matched().backend());
      Entry entry = forward.canary() ? new Entry.Pass(limit.pass()) : judged(asked, limit);
      if (enforced || entry instanceof Entry.Pass) {
        return entry;
      }
      services.observer().unlimited(asked.matched().route().id(), name(entry));
      return new Entry.Pass(limit.pass());
    } catch (RuntimeException e) {
      services.observer().fault("limits", e);
      return new Entry.Pass(Slot.NONE);
    }
  }

  private static String name(Entry entry) {
    return entry instanceof Entry.Limited ? "rate-limit" : "shed";
  }

  private Entry judged(Asked asked, BackendLimit limit) {
    if (overload.memory().over()) {
      return new Entry.Shed("the gateway is short of memory");
    }
    RateRefusal refusal = refusal(asked);
    if (refusal != null) {
      return new Entry.Limited(refusal);
    }
    Slot slot = limit.enter(asked.matched().route().essential());
    if (slot != null) {
      return new Entry.Pass(slot);
    }
    return trial(asked) ? new Entry.Pass(limit.pass()) : new Entry.Wait(limit);
  }

  private @Nullable RateRefusal refusal(Asked asked) {
    Route route = asked.matched().route();
    RateLimit limit = route.rateLimit();
    if (limit == null) {
      return null;
    }
    String name = limit.header() == null ? null : asked.headers().get(limit.header());
    return overload
        .rates()
        .refusal(
            route.id(), limit, name, asked.provenance().client(), services.nanos().getAsLong());
  }

  /** A breaker waits for what becomes of this request. */
  private boolean trial(Asked asked) {
    return services.breakers().trying(asked.matched().backend().id())
        || asked.matched().dependencies().stream().anyMatch(services.breakers()::trying);
  }

  /** The request is not forwarded for the load's sake: a stored copy, or the truth. */
  void shed(ClientHandler client, Asked asked, Passage passage, String why) {
    giveBack(passage);
    overload.limits().of(asked.matched().backend()).shed();
    StoredCopy copy = copy(asked, passage.caching());
    if (copy != null) {
      long ttl = copy.ttlSeconds(services.clock().instant());
      reception.copies().serve(client, asked, copy, CacheStatus.hit(ttl, "overloaded"));
      return;
    }
    Duration retryAfter =
        Duration.ofSeconds(1 + ThreadLocalRandom.current().nextInt(RETRY_SECONDS));
    Problem problem = Problem.retryable(503, "Service Unavailable", why, retryAfter);
    end(client, asked, Outcome.SHED, Answers.of(problem));
  }

  private @Nullable StoredCopy copy(Asked asked, @Nullable Caching caching) {
    try {
      return reception.gatekeeper().instead(asked, caching);
    } catch (RuntimeException e) {
      services.observer().fault("copies", e);
      return null;
    }
  }

  private void limit(ClientHandler client, Asked asked, Passage passage, RateRefusal refusal) {
    giveBack(passage);
    Problem problem =
        Problem.retryable(
            429,
            "Too Many Requests",
            "this client sends more than this route takes",
            Duration.ofSeconds(refusal.seconds()));
    FullHttpResponse response = Answers.of(problem);
    response.headers().set("ratelimit-policy", refusal.policy()).set("ratelimit", refusal.state());
    end(client, asked, Outcome.RATE_LIMITED, response);
  }

  private void end(ClientHandler client, Asked asked, Outcome outcome, FullHttpResponse response) {
    response.headers().set(Headers.MODE, asked.snapshot().posture().mode().label());
    reception.end(client, asked, outcome, response);
  }

  /** A request that is not forwarded says nothing to its breaker, and nobody waits for it. */
  static void giveBack(Passage passage) {
    if (passage.permit() != null) {
      passage.permit().released();
    }
    if (passage.flight() != null) {
      passage.flight().end();
    }
  }
}
