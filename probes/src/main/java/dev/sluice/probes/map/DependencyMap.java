package dev.sluice.probes.map;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.config.Network;
import dev.sluice.config.Route;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Routes, the backends behind them, the dependencies that these need, the networks on the way there
 * and the controls that tell a broken network from a broken instance. Immutable.
 */
public final class DependencyMap {
  private final Configuration configuration;

  /** What a node stands for. */
  public enum Kind {
    ROUTE,
    BACKEND,
    DEPENDENCY,
    NETWORK,
    CONTROL;

    /** As reports write it: {@code dependency}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One part of the map; its id is unique among those of its kind. */
  public record Node(Kind kind, String id) {}

  /** {@code from} works only as long as {@code to} does; a control is what a network is told by. */
  public record Edge(Node from, Node to) {}

  public DependencyMap(Configuration configuration) {
    this.configuration = configuration;
  }

  /** All nodes, routes first, in the order of the route files. */
  public List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    configuration.routes().forEach(r -> nodes.add(new Node(Kind.ROUTE, r.id())));
    configuration.backends().forEach(b -> nodes.add(new Node(Kind.BACKEND, b.id())));
    configuration.dependencies().forEach(d -> nodes.add(new Node(Kind.DEPENDENCY, d.id())));
    configuration.networks().forEach(n -> nodes.add(new Node(Kind.NETWORK, n.id())));
    configuration.controls().forEach(c -> nodes.add(new Node(Kind.CONTROL, c.id())));
    return nodes;
  }

  /** All edges, each once, from routes down to controls. */
  public List<Edge> edges() {
    List<Edge> edges = new ArrayList<>();
    for (Route route : configuration.routes()) {
      Node from = new Node(Kind.ROUTE, route.id());
      edges.add(new Edge(from, new Node(Kind.BACKEND, route.backend())));
      List<String> uses = route.uses() == null ? List.of() : route.uses();
      uses.forEach(id -> edges.add(new Edge(from, new Node(Kind.DEPENDENCY, id))));
    }
    for (Backend backend : configuration.backends()) {
      Node from = new Node(Kind.BACKEND, backend.id());
      backend.dependsOn().forEach(id -> edges.add(new Edge(from, new Node(Kind.DEPENDENCY, id))));
    }
    for (Dependency d : configuration.dependencies()) {
      over(edges, new Node(Kind.DEPENDENCY, d.id()), d.network());
    }
    for (Network n : configuration.networks()) {
      over(edges, new Node(Kind.NETWORK, n.id()), n.through());
    }
    for (Control c : configuration.controls()) {
      edges.add(new Edge(new Node(Kind.NETWORK, c.network()), new Node(Kind.CONTROL, c.id())));
    }
    return edges;
  }

  private static void over(List<Edge> edges, Node from, @Nullable String network) {
    if (network != null) {
      edges.add(new Edge(from, new Node(Kind.NETWORK, network)));
    }
  }

  /**
   * The routes that need it, in the order of the route files: by what they use, which overrides
   * what their backend needs. None for a control, which nothing needs.
   */
  public List<String> routesOver(Node node) {
    return configuration.routes().stream()
        .filter(route -> needs(route).contains(node))
        .map(Route::id)
        .toList();
  }

  /** The routes that need the dependency or backend of this id. */
  public List<String> routesOver(String subject) {
    boolean dependency = configuration.dependency(subject).isPresent();
    return routesOver(new Node(dependency ? Kind.DEPENDENCY : Kind.BACKEND, subject));
  }

  private Set<Node> needs(Route route) {
    Set<Node> needs = new LinkedHashSet<>();
    needs.add(new Node(Kind.ROUTE, route.id()));
    needs.add(new Node(Kind.BACKEND, route.backend()));
    for (String id : configuration.usedBy(route)) {
      needs.add(new Node(Kind.DEPENDENCY, id));
      networks(id).forEach(network -> needs.add(new Node(Kind.NETWORK, network)));
    }
    return needs;
  }

  /** The networks on the way to a dependency, the nearest to it first. */
  public List<String> networks(String dependency) {
    List<String> way = new ArrayList<>();
    String at = configuration.dependency(dependency).map(Dependency::network).orElse(null);
    while (at != null && !way.contains(at)) {
      way.add(at);
      at = configuration.network(at).map(Network::through).orElse(null);
    }
    return way;
  }

  /** The kind of a network; OTHER for one that the route files do not name. */
  Network.Kind kind(String network) {
    return configuration.network(network).map(Network::kind).orElse(Network.Kind.OTHER);
  }

  /** These routes in the order of the route files. */
  List<String> inOrder(Set<String> routes) {
    return configuration.routes().stream().map(Route::id).filter(routes::contains).toList();
  }

  /** The dependencies that a backend needs. */
  List<String> dependenciesOf(String backend) {
    return configuration.backend(backend).map(Backend::dependsOn).orElse(List.of());
  }
}
