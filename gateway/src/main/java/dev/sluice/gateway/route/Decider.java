package dev.sluice.gateway.route;

import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import dev.sluice.fallback.cache.Reuse;
import dev.sluice.gateway.route.Decision.AnswerHealth;
import dev.sluice.gateway.route.Decision.Enqueue;
import dev.sluice.gateway.route.Decision.Forward;
import dev.sluice.gateway.route.Decision.Reject;
import dev.sluice.gateway.route.Decision.ServeStored;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one place where it is decided what becomes of a request. Pure. */
public final class Decider {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

  private Decider() {}

  /** Whether the method changes nothing (RFC 9110, section 9.2.1). */
  public static boolean safe(String method) {
    return SAFE.contains(method);
  }

  /** Whether sending twice is as good as once (RFC 9110, section 9.2.2). */
  public static boolean idempotent(String method) {
    return IDEMPOTENT.contains(method);
  }

  /** What becomes of a request that has a route, were it enforced. */
  public static Decision decide(Circumstances c) {
    Route route = c.matched().route();
    if (route.kind() == Route.Kind.HEALTH) {
      return new AnswerHealth();
    }
    return safe(c.method()) ? read(c) : write(c, route.writes());
  }

  private static Decision read(Circumstances c) {
    Decision cached = c.plan() == null ? null : cached(c, c.plan());
    if (cached != null) {
      return cached;
    }
    if (!c.closed()) {
      return new Forward(false, false);
    }
    if (c.canary()) {
      return new Forward(false, true);
    }
    if (c.copy() != null) {
      return new ServeStored(c.copy(), "breaker-open", false);
    }
    return unavailable(c, "the backend's dependency is down, and no copy of this answer is stored");
  }

  /** What needs no backend; null where it does. */
  private static @Nullable Decision cached(Circumstances c, Reuse.Plan plan) {
    return switch (plan.act()) {
      case SERVE, SERVE_AND_REFRESH -> {
        boolean refresh = plan.act() == Reuse.Act.SERVE_AND_REFRESH && !c.closed();
        yield c.copy() == null ? null : new ServeStored(c.copy(), plan.detail(), refresh);
      }
      case NOTHING ->
          new Reject(504, "Gateway Timeout", "only-if-cached, and no stored answer fits", null);
      case VALIDATE, FETCH -> null;
    };
  }

  private static Decision write(Circumstances c, @Nullable Writes writes) {
    if (c.known()) {
      return new Enqueue();
    }
    boolean held = writes != null && opted(writes, c);
    boolean shut = c.closed() || (c.readOnly() && writes != null);
    if (!shut && !c.backlog()) {
      return new Forward(held && queueable(c), false);
    }
    if (shut && c.closed() && c.canary() && !c.backlog()) {
      return new Forward(held && queueable(c), true);
    }
    if (!shut && (writes == null || c.tailOver())) {
      return unavailable(c, "older writes of this resource are still being released");
    }
    if (writes == null) {
      return unavailable(c, "the backend's dependency is down");
    }
    return enqueue(c, writes, held);
  }

  private static Decision enqueue(Circumstances c, Writes writes, boolean held) {
    if (!held) {
      return unavailable(c, "down at the moment; with Prefer: respond-async the write is kept");
    }
    if (c.application()) {
      return unavailable(c, "the application is at fault, so writes are not kept");
    }
    if (!c.queueReady()) {
      return unavailable(c, "the write queue takes nothing at the moment");
    }
    if (writes.requireKey() && !c.keyed()) {
      return new Reject(400, "Idempotency-Key required", "send an Idempotency-Key header", null);
    }
    return new Enqueue();
  }

  private static boolean opted(Writes writes, Circumstances c) {
    return writes.accept() == Writes.Accept.ALWAYS || c.prefersAsync();
  }

  private static boolean queueable(Circumstances c) {
    return c.queueReady() && (idempotent(c.method()) || c.keyed());
  }

  private static Decision unavailable(Circumstances c, String detail) {
    return new Reject(503, "Service Unavailable", detail, c.retryAfter());
  }
}
