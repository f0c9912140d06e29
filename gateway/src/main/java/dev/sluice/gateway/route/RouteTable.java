package dev.sluice.gateway.route;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Health;
import dev.sluice.config.Match;
import dev.sluice.config.PathTree;
import dev.sluice.config.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request, by the rules of {@link PathTree}. Patterns are read in the form of
 * {@link RequestTarget#path()}, so that one rule takes every spelling of a path. Immutable once
 * built; any number of threads may read it.
 */
public final class RouteTable {
  private final PathTree<Matched> tree = new PathTree<>();
  private final Map<String, Matched> byId = new HashMap<>();
  private final Map<String, List<Matched>> others = new HashMap<>();
  private final Map<String, HealthQuestion> own;

  public RouteTable(Configuration configuration) {
    own = own(configuration.health());
    Map<String, Backend> backends = new HashMap<>();
    configuration.backends().forEach(backend -> backends.put(backend.id(), backend));
    for (Route route : configuration.routes()) {
      Backend backend = backends.get(route.backend());
      if (backend == null) {
        throw new IllegalArgumentException("route " + route.id() + " has no backend");
      }
      Match match = route.match().formed();
      Matched matched = Matched.of(route, backend, configuration.dependenciesOf(route));
      byId.put(route.id(), matched);
      others.put(route.id(), others(configuration, route, backends));
      if (match != null) {
        tree.add(match, matched);
      }
    }
  }

  private static Map<String, HealthQuestion> own(Health health) {
    return Map.of(
        health.base(),
        HealthQuestion.REPORT,
        health.live(),
        HealthQuestion.LIVE,
        health.ready(),
        HealthQuestion.READY,
        health.startup(),
        HealthQuestion.STARTUP);
  }

  /** What the gateway is asked about itself on this path; null where it is not. */
  public @Nullable HealthQuestion own(String path) {
    return own.get(path);
  }

  /** The route of a request, or null; {@code path} as {@link RequestTarget#path()} gives it. */
  public @Nullable Matched match(String method, String path) {
    return tree.find(method, path);
  }

  /** A route by itself; null where there is none of its id any more. */
  public @Nullable Matched of(Route route) {
    return byId.get(route.id());
  }

  private static List<Matched> others(
      Configuration configuration, Route route, Map<String, Backend> backends) {
    List<Matched> others = new ArrayList<>();
    for (String id : route.reads() == null ? List.<String>of() : route.reads().instead()) {
      Backend other = backends.get(id);
      if (other == null) {
        throw new IllegalArgumentException("route " + route.id() + " has no backend " + id);
      }
      others.add(Matched.of(route, other, configuration.dependenciesOf(other)));
    }
    return others;
  }

  /** A route through the backend that it names at this place of {@code instead}; or null. */
  public @Nullable Matched through(Route route, int place) {
    List<Matched> named = others.getOrDefault(route.id(), List.of());
    return place < named.size() ? named.get(place) : null;
  }

  /** The methods that some route takes on this path; empty where no route has the path. */
  public Set<String> allowed(String path) {
    return tree.methods(path);
  }
}
