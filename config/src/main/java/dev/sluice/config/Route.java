package dev.sluice.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one shape and what becomes of them.
 *
 * @param impact what people cannot do while it fails, for those who are alerted; null: not said
 * @param uses dependencies this route uses, overriding its backend's; null inherits them
 * @param required of those where the file says so, whether the route cannot do without it
 * @param essential shed last, and alone in queueing writes above the queue's high-water mark
 * @param reads null: answers are never stored
 * @param writes null: writes are never queued
 * @param deadline from the end of the request to the answer's head, over all tries and waits; null:
 *     each try's own is the only one
 * @param retry null: what failed is not tried again
 * @param rateLimit null: clients are not limited
 * @param filters what is changed of requests and answers, in this order
 * @param webSocket null: an upgrade to WebSocket is refused
 * @param onInfrastructureFailure what a health route answers when the backend fails for the
 *     infrastructure's sake
 */
public record Route(
    String id,
    Match match,
    String backend,
    @Nullable String impact,
    Kind kind,
    Enforcement mode,
    @Nullable List<String> uses,
    Map<String, Boolean> required,
    boolean essential,
    @Nullable Reads reads,
    @Nullable Writes writes,
    @Nullable Duration deadline,
    @Nullable Retry retry,
    @Nullable RateLimit rateLimit,
    List<Filter> filters,
    @Nullable WebSocket webSocket,
    OnInfrastructureFailure onInfrastructureFailure,
    Place place) {
  public Route {
    uses = uses == null ? null : List.copyOf(uses);
    required = Map.copyOf(required);
    filters = List.copyOf(filters);
  }

  /**
   * WebSockets (RFC 6455) through the route.
   *
   * @param idle how long neither side may send anything
   */
  public record WebSocket(Duration idle) {}

  /** PROXY forwards; HEALTH joins the backend's last health answer with the verdict. */
  public enum Kind {
    PROXY,
    HEALTH
  }

  /** DEGRADED answers 200 with {@code warn}, FAIL answers 503. */
  public enum OnInfrastructureFailure {
    DEGRADED,
    FAIL
  }
}
