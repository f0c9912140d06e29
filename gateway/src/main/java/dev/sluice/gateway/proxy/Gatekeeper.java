package dev.sluice.gateway.proxy;

import dev.sluice.config.Configuration;
import dev.sluice.config.Enforcement;
import dev.sluice.config.Principal;
import dev.sluice.config.Reads;
import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyPolicy;
import dev.sluice.fallback.cache.Reuse;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.gateway.route.Circumstances;
import dev.sluice.gateway.route.Decider;
import dev.sluice.gateway.route.Decision;
import dev.sluice.gateway.route.Matched;
import dev.sluice.probes.breaker.Permit;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Cause;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what a decision depends on, has it made, and takes the permit that it needs. */
final class Gatekeeper {
  private static final Decision.Forward PLAIN = new Decision.Forward(false, false);

  private final DataPathServices services;

  private final Flights flights;

  Gatekeeper(DataPathServices services, Flights flights) {
    this.services = services;
    this.flights = flights;
  }

  /**
   * How a request passes.
   *
   * @param caching null where the stored copies have nothing to do with it
   * @param permit to be settled by whoever forwards
   * @param flight others wait for this request; to be ended by whoever forwards
   * @param ahead the same is asked already: this one waits for that
   */
  record Passage(
      Decision decision,
      @Nullable Caching caching,
      @Nullable Permit permit,
      Flights.@Nullable Flight flight,
      Flights.@Nullable Flight ahead) {
    static Passage of(Decision decision, @Nullable Caching caching, @Nullable Permit permit) {
      return new Passage(decision, caching, permit, null, null);
    }
  }

  /** Never throws: a fault in here forwards the request. */
  Passage judge(Asked asked) {
    if (asked.matched().route().kind() == Route.Kind.HEALTH) {
      return Passage.of(new Decision.AnswerHealth(), null, null);
    }
    if (services.passthrough().getAsBoolean()) {
      return Passage.of(PLAIN, null, null);
    }
    try {
      return judged(asked);
    } catch (RuntimeException e) {
      services.observer().fault("decision", e);
      return Passage.of(PLAIN, null, null);
    }
  }

  private Passage judged(Asked asked) {
    Route route = asked.matched().route();
    boolean enforced = route.mode() == Enforcement.ENFORCE;
    Caching caching = caching(asked);
    Posture posture = asked.snapshot().posture();
    List<String> needed = asked.matched().dependencies();
    boolean closed = posture.closed(route, needed);
    boolean backlog = backlog(asked);
    boolean served = caching != null && caching.serves();
    boolean canary =
        closed
            && enforced
            && !backlog
            && !served
            && services.breakers().canary(route.backend(), needed);
    Decision decision = Decider.decide(circumstances(asked, caching, closed, canary, backlog));
    if (!enforced) {
      return observed(asked, decision, caching);
    }
    if (!(decision instanceof Decision.Forward forward)) {
      Passage other = closed && !served ? elsewhere(asked, caching) : null;
      return other == null ? Passage.of(decision, caching, null) : other;
    }
    return forward.canary()
        ? Passage.of(decision, caching, null)
        : permitted(asked, decision, caching, backlog);
  }

  /**
   * The way of a read to another backend that its route names for when its own cannot answer, with
   * the permit for it; null where there is none left. The request is that backend's from now on.
   */
  @Nullable Passage elsewhere(Asked asked, @Nullable Caching caching) {
    Reads reads = asked.matched().route().reads();
    boolean read = asked.method().equals("GET") || asked.method().equals("HEAD");
    boolean enforced = asked.matched().route().mode() == Enforcement.ENFORCE;
    if (reads == null || !read || !enforced || services.passthrough().getAsBoolean()) {
      return null;
    }
    for (int i = asked.elsewhere(); i < reads.instead().size(); i++) {
      Matched other = asked.snapshot().routes().through(asked.matched().route(), i);
      Permit permit = other == null ? null : permit(asked.snapshot().posture(), other);
      if (other != null && permit != null) {
        asked.elsewhere(other, i + 1);
        return Passage.of(PLAIN, caching, permit);
      }
    }
    return null;
  }

  private @Nullable Permit permit(Posture posture, Matched other) {
    return posture.closed(other.backend().id(), other.dependencies())
        ? null
        : services.breakers().permit(other.backend().id(), other.dependencies());
  }

  private Passage permitted(
      Asked asked, Decision decision, @Nullable Caching caching, boolean backlog) {
    Flights.Flight flight = null;
    if (caching != null && caching.collapses() && flights.shared(caching.key())) {
      Flights.Flight ahead = asked.waited() ? null : flights.underway(caching.key());
      if (ahead != null) {
        return new Passage(decision, caching, null, null, ahead);
      }
      flight = flights.lead(caching.key());
    }
    Permit permit =
        services
            .breakers()
            .permit(asked.matched().route().backend(), asked.matched().dependencies());
    if (permit != null) {
      return new Passage(decision, caching, permit, flight, null);
    }
    if (flight != null) {
      flight.end();
    }
    Decision refused = Decider.decide(circumstances(asked, caching, true, false, backlog));
    Flights.Flight coming = refused instanceof Decision.ServeStored ? null : coming(asked, caching);
    return new Passage(refused, caching, null, null, coming);
  }

  /** What is asked already, and may be the copy that a refused read lacks. */
  private Flights.@Nullable Flight coming(Asked asked, @Nullable Caching caching) {
    return caching == null || asked.waited() ? null : flights.underway(caching.key());
  }

  private Passage observed(Asked asked, Decision decision, @Nullable Caching caching) {
    Route route = asked.matched().route();
    if (!(decision instanceof Decision.Forward)) {
      services.observer().differed(route.id(), decision.label());
    }
    Permit permit = services.breakers().permit(route.backend(), asked.matched().dependencies());
    return Passage.of(PLAIN, caching == null ? null : caching.observed(), permit);
  }

  private Circumstances circumstances(
      Asked asked, @Nullable Caching caching, boolean closed, boolean canary, boolean backlog) {
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
        copy(caching, closed),
        caching == null ? null : caching.plan(),
        unsafe && asked.prefersAsync(),
        unsafe && asked.idempotencyKey() != null,
        unsafe && known(asked, writes, queue),
        backlog,
        unsafe && tailOver(asked, writes),
        unsafe && queue != null,
        asked.snapshot().configuration().breaker().retryAfter());
  }

  /** The copy that is the answer, or may stand in for the one that cannot be had. */
  private @Nullable StoredCopy copy(@Nullable Caching caching, boolean closed) {
    if (caching == null || caching.serves()) {
      return caching == null ? null : caching.copy();
    }
    return closed ? usable(caching) : null;
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
    String ordering = WriteQueue.orderingKey(asked.method(), asked.target().path());
    if (ordering == null) {
      return false;
    }
    boolean queues = asked.matched().route().writes() != null;
    return (queues && queue.queueing(asked.matched().route().id()))
        || (queue.anyBacklog() && queue.backlog(ordering));
  }

  /** The same request gets the same answer, whatever the breakers say by now. */
  private boolean known(Asked asked, @Nullable Writes writes, @Nullable WriteQueue queue) {
    String key = asked.idempotencyKey();
    if (writes == null || queue == null || key == null) {
      return false;
    }
    String owner = Owner.of(writes.principal(), asked.headers(), services.identities());
    return owner != null && queue.knows(owner, asked.matched().route().id(), key);
  }

  /** Whether what is read here will be changed by a write that waits. */
  boolean pendingWrite(Asked asked) {
    WriteQueue queue = services.queue();
    return queue != null && queue.anyBacklog() && queue.backlog(asked.target().path());
  }

  /** The monitor of the last write that waits for what is read here, if it is the reader's own. */
  @Nullable String pendingMonitor(Asked asked) {
    WriteQueue queue = services.queue();
    if (queue == null) {
      return null;
    }
    Configuration configuration = asked.snapshot().configuration();
    for (String owner : Owner.declared(configuration, asked.headers(), services.identities())) {
      String id = queue.pending(asked.target().path(), owner);
      if (id != null) {
        return MonitorDesk.PREFIX + id;
      }
    }
    return null;
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

  /** Only reads have to do with the copies; what is stored is looked up once. */
  private @Nullable Caching caching(Asked asked) {
    Route route = asked.matched().route();
    Reads reads = route.reads();
    boolean read = asked.method().equals("GET") || asked.method().equals("HEAD");
    if (reads == null || !read) {
      return null;
    }
    CopyKey key = key(asked, route, reads);
    if (key == null) {
      return null;
    }
    NettyFields request = new NettyFields(asked.headers());
    if (!reads.standard()) {
      return new Caching(key, reads, request, null, null);
    }
    StoredCopy copy = services.copies().find(key, request);
    boolean known = copy == null && services.copies().knows(key);
    Reuse.Plan plan = Reuse.plan(reads, request, copy, known, services.clock().instant());
    return new Caching(key, reads, request, copy, plan);
  }

  private @Nullable CopyKey key(Asked asked, Route route, Reads reads) {
    String target = asked.target().pathAndQuery();
    if (reads.principal() instanceof Principal.Claim claim) {
      String field = asked.headers().get(HttpHeaderNames.AUTHORIZATION);
      String value = services.identities().claim(field, claim.name());
      return value == null
          ? null
          : CopyPolicy.key(route, asked.host(), target, claim.name(), value);
    }
    return CopyPolicy.key(route, asked.host(), target, asked.headerList());
  }

  /** A stored answer that may be served instead of a failure, or null. */
  @Nullable StoredCopy instead(Asked asked, @Nullable Caching caching) {
    boolean enforced = asked.matched().route().mode() == Enforcement.ENFORCE;
    return enforced && caching != null && !services.passthrough().getAsBoolean()
        ? usable(caching)
        : null;
  }

  /** It may have been stored since the request was judged. */
  private @Nullable StoredCopy usable(Caching caching) {
    StoredCopy found = services.copies().find(caching.key(), caching.request());
    return found != null && CopyPolicy.usable(caching.reads(), found, services.clock().instant())
        ? found
        : null;
  }
}
