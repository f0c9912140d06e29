package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.config.Enforcement;
import dev.sluice.config.Reads;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.gateway.route.Circumstances;
import dev.sluice.gateway.route.Decider;
import dev.sluice.gateway.route.Decision;
import dev.sluice.gateway.route.Matched;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one request in every state that its route can be in, as {@link Decider} decides
 * it: here states are made up and decisions put into words, and nothing is decided. Pure.
 */
final class Forecast {
  /** What passes without any protection. */
  private static final Decision PLAIN = new Decision.Forward(false, false);

  private static final String KEYED = ", Idempotency-Key";
  private static final String ASYNC = ", Prefer: respond-async";
  private static final String BOTH = ", both";

  /** A state of route and request. */
  private record State(
      boolean closed, boolean readOnly, boolean application, boolean backlog, boolean copy) {
    static final State WELL = new State(false, false, false, false, false);

    State withCopy() {
      return new State(closed, readOnly, application, backlog, true);
    }
  }

  /** What the request itself says. */
  private record Wish(boolean prefersAsync, boolean keyed) {}

  private final Configuration configuration;
  private final Matched matched;
  private final String method;
  private final Map<String, String> lines = new LinkedHashMap<>();

  private Forecast(Configuration configuration, Matched matched, String method) {
    this.configuration = configuration;
    this.matched = matched;
    this.method = method;
  }

  /** State to what is done in it, in the order in which they are told. */
  static Map<String, String> of(Configuration configuration, Matched matched, String method) {
    Forecast forecast = new Forecast(configuration, matched, method);
    forecast.tell();
    return forecast.lines;
  }

  /**
   * What is done with a request while its route is closed.
   *
   * @param copy whether its answer is stored
   * @param wishes whether it has a key, and would rather be held than refused
   */
  static String closed(
      Configuration configuration, Matched matched, String method, boolean copy, boolean wishes) {
    return new Forecast(configuration, matched, method)
        .say(new State(true, false, false, false, copy), new Wish(wishes, wishes));
  }

  /** Whether these are the words for a write that is held. */
  static boolean held(String words) {
    return words.equals(words(new Decision.Enqueue()));
  }

  private void tell() {
    boolean needs = !matched.dependencies().isEmpty();
    State outage = new State(needs, false, false, false, false);
    told("full", State.WELL);
    told("db-degraded", outage);
    told("infra-failure", outage);
    told("backend down", new State(true, false, false, false, false));
    if (matched.route().writes() != null && !Decider.safe(method)) {
      told("backend down by its own fault", new State(true, false, true, false, false));
      told("database read-only", new State(false, needs, false, false, false));
    }
    boolean queues = configuration.routes().stream().anyMatch(route -> route.writes() != null);
    if (queues && !Decider.safe(method)) {
      told("older writes wait", new State(false, false, false, true, false));
    }
    boolean health = decide(State.WELL, new Wish(false, false)) instanceof Decision.AnswerHealth;
    lines.put("passthrough", words(health ? new Decision.AnswerHealth() : PLAIN));
  }

  private void told(String name, State state) {
    boolean copies = matched.route().reads() != null && List.of("GET", "HEAD").contains(method);
    if (!copies || !state.closed()) {
      wishes(name, state);
      return;
    }
    wishes(name + ", no copy stored", state);
    wishes(name + ", copy stored", state.withCopy());
  }

  /** One line where the request's wishes change nothing, else one for each that does. */
  private void wishes(String name, State state) {
    String plain = say(state, new Wish(false, false));
    String async = say(state, new Wish(true, false));
    String keyed = say(state, new Wish(false, true));
    String both = say(state, new Wish(true, true));
    boolean asyncMatters = !plain.equals(async) || !keyed.equals(both);
    boolean keyMatters = !plain.equals(keyed) || !async.equals(both);
    lines.put(name, plain);
    if (keyMatters) {
      lines.put(name + KEYED, keyed);
    }
    if (asyncMatters) {
      lines.put(name + ASYNC, async);
    }
    if (asyncMatters && keyMatters) {
      lines.put(name + BOTH, both);
    }
  }

  private String say(State state, Wish wish) {
    Decision decision = decide(state, wish);
    if (matched.route().mode() == Enforcement.ENFORCE
        || decision instanceof Decision.AnswerHealth) {
      return words(decision);
    }
    return decision instanceof Decision.Forward
        ? words(PLAIN)
        : "forwarded (would be: " + words(decision) + ")";
  }

  private Decision decide(State state, Wish wish) {
    boolean unsafe = matched.route().writes() != null && !Decider.safe(method);
    return Decider.decide(
        new Circumstances(
            matched,
            method,
            state.closed(),
            state.readOnly(),
            state.application(),
            false,
            state.copy() ? copy(matched.route()) : null,
            null,
            unsafe && wish.prefersAsync(),
            unsafe && wish.keyed(),
            false,
            state.backlog(),
            false,
            unsafe && configuration.store() != null,
            configuration.breaker().retryAfter()));
  }

  private static @Nullable StoredCopy copy(Route route) {
    Reads reads = route.reads();
    return reads == null ? null : StoredCopy.answered(200, List.of(), new byte[0], Instant.EPOCH);
  }

  static String words(Decision decision) {
    if (decision instanceof Decision.Reject reject) {
      return reject.status() + ", " + reject.detail();
    }
    if (decision instanceof Decision.Enqueue) {
      return "held durably, 202";
    }
    if (decision instanceof Decision.ServeStored) {
      return "answered from the stored copy";
    }
    if (decision instanceof Decision.Forward forward) {
      return forward.queueOnFailure() ? "forwarded; held durably if that fails" : "forwarded";
    }
    return "answered by the gateway, from the backend's last health answer and the verdict";
  }
}
