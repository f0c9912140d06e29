package dev.sluice.gateway.route;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. Segment by segment from the left a literal beats {@code *}, which
 * beats {@code **}; among routes of one path those that name the method beat those that take any. A
 * path whose routes do not take the method gives way to the next less specific one. Patterns are
 * read in the form of {@link RequestTarget#path()}, so that one rule takes every spelling of a
 * path; a pattern that every request is refused for takes none. Immutable once built; any number of
 * threads may read it.
 */
public final class RouteTable {
  private final Node root = new Node();

  public RouteTable(Configuration configuration) {
    for (Route route : configuration.routes()) {
      Backend backend = configuration.backend(route.backend()).orElseThrow();
      add(new Matched(route, backend, configuration.dependenciesOf(route)));
    }
  }

  private void add(Matched matched) {
    String pattern = matched.route().match().path();
    String path = PathForm.of(pattern);
    if (path == null) {
      return;
    }
    Node node = root;
    List<String> written = segments(pattern);
    List<String> segments = segments(path);
    for (int i = 0; i < segments.size(); i++) {
      if (written.get(i).equals("**") && i == segments.size() - 1) {
        node.rest.add(matched);
        return;
      }
      node = written.get(i).equals("*") ? node.anyChild() : node.child(segments.get(i));
    }
    node.here.add(matched);
  }

  /** The route of a request, or null; {@code path} as {@link RequestTarget#path()} gives it. */
  public @Nullable Matched match(String method, String path) {
    return find(root, segments(path), 0, method);
  }

  /** The methods that some route takes on this path; empty where no route has the path. */
  public Set<String> allowed(String path) {
    Set<String> methods = new TreeSet<>();
    collect(root, segments(path), 0, methods);
    return methods;
  }

  private static @Nullable Matched find(Node node, List<String> path, int at, String method) {
    if (at == path.size()) {
      Matched exact = byMethod(node.here, method);
      return exact != null ? exact : byMethod(node.rest, method);
    }
    Node literal = node.literals.get(path.get(at));
    Matched found = literal == null ? null : find(literal, path, at + 1, method);
    if (found == null && node.any != null && !path.get(at).isEmpty()) {
      found = find(node.any, path, at + 1, method);
    }
    return found != null ? found : byMethod(node.rest, method);
  }

  private static void collect(Node node, List<String> path, int at, Set<String> methods) {
    node.rest.forEach(m -> methods.addAll(m.route().match().methods()));
    if (at == path.size()) {
      node.here.forEach(m -> methods.addAll(m.route().match().methods()));
      return;
    }
    Node literal = node.literals.get(path.get(at));
    if (literal != null) {
      collect(literal, path, at + 1, methods);
    }
    if (node.any != null && !path.get(at).isEmpty()) {
      collect(node.any, path, at + 1, methods);
    }
  }

  private static @Nullable Matched byMethod(List<Matched> routes, String method) {
    Matched fallback = null;
    for (Matched candidate : routes) {
      Set<String> methods = candidate.route().match().methods();
      if (methods.contains(method)) {
        return candidate;
      }
      if (methods.isEmpty() && fallback == null) {
        fallback = candidate;
      }
    }
    return fallback;
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(6);
    int start = 1;
    for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', start)) {
      segments.add(path.substring(start, slash));
      start = slash + 1;
    }
    segments.add(path.substring(Math.min(start, path.length())));
    return segments;
  }

  /** One segment of the paths; written only while the table is built. */
  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    final List<Matched> here = new ArrayList<>();
    final List<Matched> rest = new ArrayList<>();
    @Nullable Node any;

    Node child(String segment) {
      return literals.computeIfAbsent(segment, s -> new Node());
    }

    Node anyChild() {
      if (any == null) {
        any = new Node();
      }
      return any;
    }
  }
}
