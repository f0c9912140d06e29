package dev.sluice.gateway.proxy;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.route.RouteTable;
import dev.sluice.probes.mode.Posture;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a request reads of the control path, in one immutable piece.
 *
 * @param lastClosed when each route was last closed to its backend; for one that never was, when it
 *     began
 */
public record Snapshot(
    Configuration configuration,
    RouteTable routes,
    Posture posture,
    Map<String, Instant> lastClosed) {
  public Snapshot {
    lastClosed = Map.copyOf(lastClosed);
  }

  /**
   * The first snapshot of a configuration. What waits from an earlier run has waited since then at
   * the latest, so its tail begins now.
   */
  public static Snapshot of(Configuration configuration, Posture posture) {
    Map<String, Instant> closed = new HashMap<>();
    configuration.routes().forEach(route -> closed.put(route.id(), posture.takenAt()));
    return new Snapshot(configuration, new RouteTable(configuration), posture, closed);
  }

  /** The same routes under a newer posture. */
  public Snapshot with(Posture next) {
    Map<String, Instant> closed = new HashMap<>(lastClosed);
    configuration
        .routes()
        .forEach(
            route -> {
              if (next.closed(route, configuration.dependenciesOf(route))) {
                closed.put(route.id(), next.takenAt());
              }
            });
    return new Snapshot(configuration, routes, next, closed);
  }

  /** When the route was last closed to its backend; null for a route that is not here. */
  public @Nullable Instant lastClosed(String routeId) {
    return lastClosed.get(routeId);
  }
}
