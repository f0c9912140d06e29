package dev.sluice.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one shape and what becomes of them.
 *
 * @param uses dependencies this route needs, overriding its backend's; null inherits them
 * @param reads null: answers are never stored
 * @param writes null: writes are never queued
 * @param onInfrastructureFailure what a health route answers when the backend fails for the
 *     infrastructure's sake
 */
public record Route(
    String id,
    Match match,
    String backend,
    Kind kind,
    Enforcement mode,
    @Nullable List<String> uses,
    @Nullable Reads reads,
    @Nullable Writes writes,
    OnInfrastructureFailure onInfrastructureFailure,
    Place place) {
  public Route {
    uses = uses == null ? null : List.copyOf(uses);
  }

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
