package dev.sluice.gateway.route;

import dev.sluice.config.Backend;
import dev.sluice.config.Route;
import java.util.List;

/**
 * A route together with what its requests need.
 *
 * @param dependencies ids of the dependencies that the route uses
 */
public record Matched(Route route, Backend backend, List<String> dependencies) {
  public Matched {
    dependencies = List.copyOf(dependencies);
  }
}
