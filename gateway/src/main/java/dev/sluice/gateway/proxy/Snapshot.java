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
 * @param lastClosed when each route was last closed to its backend; routes that never were are
 *     missing
 */
public record Snapshot(
    Configuration configuration,
    RouteTable routes,
    Posture posture,
    Map<String, Instant> lastClosed) {
  public Snapshot {
    lastClosed = Map.copyOf(lastClosed);
  }

  /** The first snapshot of a configuration. */
  public static Snapshot of(Configuration configuration, Posture posture) {
    return new Snapshot(configuration, new RouteTable(configuration), posture, Map.of());
  }

  /** What follows when this one's configuration takes over from another's, at this posture. */
  public Snapshot after(Snapshot before, Posture now) {
    Map<String, Instant> closed = new HashMap<>(before.lastClosed);
    closed.keySet().removeIf(id -> configuration.route(id).isEmpty());
    return new Snapshot(configuration, routes, now, closed).with(now);
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

  /** When the route was last closed to its backend; null if it never was. */
  public @Nullable Instant lastClosed(String routeId) {
    return lastClosed.get(routeId);
  }
}
