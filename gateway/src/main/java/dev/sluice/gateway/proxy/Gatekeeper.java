package dev.sluice.gateway.proxy;

import dev.sluice.config.Enforcement;
import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyPolicy;
import dev.sluice.fallback.cache.HeaderLines;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.gateway.route.Circumstances;
import dev.sluice.gateway.route.Decider;
import dev.sluice.gateway.route.Decision;
import dev.sluice.probes.breaker.Permit;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Cause;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what a decision depends on, has it made, and takes the permit that it needs. */
final class Gatekeeper {
  private static final Decision.Forward PLAIN = new Decision.Forward(false, false);

  private final DataPathServices services;

  Gatekeeper(DataPathServices services) {
    this.services = services;
  }

  /**
   * How a request passes.
   *
   * @param key under which its answer is kept; null where it is not
   * @param permit to be settled by whoever forwards
   */
  record Passage(Decision decision, @Nullable CopyKey key, @Nullable Permit permit) {}

  /** Never throws: a fault in here forwards the request. */
  Passage judge(Asked asked) {
    if (asked.matched().route().kind() == Route.Kind.HEALTH) {
      return new Passage(new Decision.AnswerHealth(), null, null);
    }
    if (services.passthrough().getAsBoolean()) {
      return new Passage(PLAIN, null, null);
    }
    try {
      return judged(asked);
    } catch (RuntimeException e) {
      services.observer().fault("decision", e);
      return new Passage(PLAIN, null, null);
    }
  }

  private Passage judged(Asked asked) {
    Route route = asked.matched().route();
    boolean enforced = route.mode() == Enforcement.ENFORCE;
    CopyKey key = key(asked);
    Posture posture = asked.snapshot().posture();
    List<String> needed = asked.matched().dependencies();
    boolean closed = posture.closed(route, needed);
    boolean backlog = backlog(asked);
    boolean canary =
        closed && enforced && !backlog && services.breakers().canary(route.backend(), needed);
    Decision decision = Decider.decide(circumstances(asked, key, closed, canary, backlog));
    if (!enforced) {
      return observed(asked, decision, key);
    }
    if (!(decision instanceof Decision.Forward forward) || forward.canary()) {
      return new Passage(decision, key, null);
    }
    Permit permit = services.breakers().permit(route.backend(), needed);
    return permit != null
        ? new Passage(decision, key, permit)
        : new Passage(Decider.decide(circumstances(asked, key, true, false, backlog)), key, null);
  }

  private Passage observed(Asked asked, Decision decision, @Nullable CopyKey key) {
    Route route = asked.matched().route();
    if (!(decision instanceof Decision.Forward)) {
      services.observer().differed(route.id(), decision.label());
    }
    return new Passage(
        PLAIN, key, services.breakers().permit(route.backend(), asked.matched().dependencies()));
  }

  private Circumstances circumstances(
      Asked asked, @Nullable CopyKey key, boolean closed, boolean canary, boolean backlog) {
    Posture posture = asked.snapshot().posture();
    Writes writes = asked.matched().route().writes();
    WriteQueue queue = services.queue();
    boolean unsafe = writes != null && !Decider.safe(asked.method());
    return new Circumstances(
        asked.matched(),
        asked.method(),
        closed,
        posture.readOnly(asked.matched().dependencies()),
        application(posture, asked),
        canary,
        closed ? copy(asked, key) : null,
        unsafe && asked.prefersAsync(),
        unsafe && asked.idempotencyKey() != null,
        backlog,
        unsafe && tailOver(asked, writes),
        unsafe && queue != null,
        asked.snapshot().configuration().breaker().retryAfter());
  }

  /** Whether older writes of the same resource wait, on whichever route they came. */
  private boolean backlog(Asked asked) {
    if (Decider.safe(asked.method())) {
      return false;
    }
    WriteQueue queue = services.queue();
    if (queue == null) {
      return services.queues().opening() && asked.matched().route().writes() != null;
    }
    if (!queue.anyBacklog()) {
      return false;
    }
    String ordering = WriteQueue.orderingKey(asked.method(), asked.target().path());
    return ordering != null && queue.backlog(ordering);
  }

  /** Whether what is read here will be changed by a write that waits. */
  boolean pendingWrite(Asked asked) {
    WriteQueue queue = services.queue();
    return queue != null && queue.anyBacklog() && queue.backlog(asked.target().path());
  }

  private boolean tailOver(Asked asked, @Nullable Writes writes) {
    Instant closed = asked.snapshot().lastClosed(asked.matched().route().id());
    return writes != null
        && closed != null
        && closed.plus(writes.maxTail()).isBefore(services.clock().instant());
  }

  /** No dependency is down, and the backend's own fault closed the route. */
  private static boolean application(Posture posture, Asked asked) {
    for (String id : asked.matched().dependencies()) {
      DependencyStatus dependency = posture.dependencies().get(id);
      if (dependency != null && dependency.breaker() != BreakerState.CLOSED) {
        return false;
      }
    }
    BackendStatus backend = posture.backends().get(asked.matched().backend().id());
    return backend != null && backend.verdict().cause() == Cause.APPLICATION;
  }

  private static @Nullable CopyKey key(Asked asked) {
    Route route = asked.matched().route();
    boolean read = asked.method().equals("GET") || asked.method().equals("HEAD");
    return route.reads() == null || !read
        ? null
        : CopyPolicy.key(route, asked.host(), asked.target().pathAndQuery(), asked.headerList());
  }

  /** A stored answer that may be served instead of a failure, or null. */
  @Nullable StoredCopy instead(Asked asked, @Nullable CopyKey key) {
    return asked.matched().route().mode() == Enforcement.ENFORCE ? copy(asked, key) : null;
  }

  /** A stored answer that may be served now, or null. */
  private @Nullable StoredCopy copy(Asked asked, @Nullable CopyKey key) {
    var reads = asked.matched().route().reads();
    if (key == null || reads == null || services.passthrough().getAsBoolean()) {
      return null;
    }
    StoredCopy found = services.copies().find(key, HeaderLines.joined(asked.headerList()));
    return found != null && CopyPolicy.usable(reads, found, services.clock().instant())
        ? found
        : null;
  }
}
