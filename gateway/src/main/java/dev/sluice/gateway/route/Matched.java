package dev.sluice.gateway.route;

import dev.sluice.config.Backend;
import dev.sluice.config.Route;
import java.util.List;

/**
 * A route together with what its requests need.
 *
 * @param dependencies ids of the dependencies that the route uses
 * @param rewriting what the route's filters do, on the way to this backend
 */
public record Matched(
    Route route, Backend backend, List<String> dependencies, Rewriting rewriting) {
  public Matched {
    dependencies = List.copyOf(dependencies);
  }

  /** A route through this backend. */
  public static Matched of(Route route, Backend backend, List<String> dependencies) {
    return new Matched(route, backend, dependencies, Rewriting.of(route.filters(), backend));
  }
}
