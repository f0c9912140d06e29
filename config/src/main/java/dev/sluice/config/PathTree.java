package dev.sluice.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds by path and method. Segment by segment from the left a literal beats {@code *}, which beats
 * {@code **}; among entries of one path those that name the method beat those that take any. A path
 * whose entries do not take the method gives way to the next less specific one. Any number of
 * threads may read it once nothing is added any more.
 */
public final class PathTree<T> {
  private final Node<T> root = new Node<>();

  private record Entry<T>(Match match, T value) {}

  /** Adds what is found by requests of this shape. */
  public void add(Match match, T value) {
    Node<T> node = node(match.path());
    (match.path().endsWith("/**") ? node.rest : node.here).add(new Entry<>(match, value));
  }

  /** What a request finds, or null; {@code path} has no query and begins with a slash. */
  public @Nullable T find(String method, String path) {
    Entry<T> found = find(root, segments(path), 0, method);
    return found == null ? null : found.value();
  }

  /** The methods named on this path; empty where no entry has the path or all take any. */
  public Set<String> methods(String path) {
    Set<String> methods = new TreeSet<>();
    collect(root, segments(path), 0, methods);
    return methods;
  }

  /**
   * The entry that leaves no request to a shape that was added: with ever more segments, each as
   * unlike any literal as can be, it takes the last of them. Null where some request gets through.
   */
  public @Nullable T shadow(Match match) {
    if (!match.path().endsWith("/**")) {
      return null;
    }
    Entry<T> taker = null;
    Set<String> methods = match.methods().isEmpty() ? Set.of("") : match.methods();
    for (String method : methods) {
      taker = shadow(match.path(), method);
      if (taker == null) {
        return null;
      }
    }
    return taker == null ? null : taker.value();
  }

  private @Nullable Entry<T> shadow(String path, String method) {
    Node<T> node = node(path);
    boolean bare = path.equals("/**") || byMethod(node.here, method) != null;
    if (!bare || !slashTaken(node, method)) {
      return null;
    }
    for (Node<T> any = node.any; any != null; any = any.any) {
      Entry<T> taker = byMethod(any.rest, method);
      if (taker != null) {
        return taker;
      }
      if (byMethod(any.here, method) == null || !slashTaken(any, method)) {
        return null;
      }
    }
    return null;
  }

  /** Whether the node's own path with a slash at its end is taken. */
  private boolean slashTaken(Node<T> node, String method) {
    Node<T> empty = node.literals.get("");
    return empty != null && byMethod(empty.here, method) != null;
  }

  /** The node of a pattern, without its {@code **}. */
  private Node<T> node(String path) {
    Node<T> node = root;
    List<String> segments = segments(path);
    int end = path.endsWith("/**") ? segments.size() - 1 : segments.size();
    for (String segment : segments.subList(0, end)) {
      node = node.child(segment);
    }
    return node;
  }

  private static <T> @Nullable Entry<T> find(
      Node<T> node, List<String> path, int at, String method) {
    if (at == path.size()) {
      Entry<T> exact = byMethod(node.here, method);
      return exact != null ? exact : byMethod(node.rest, method);
    }
    Node<T> literal = node.literals.get(path.get(at));
    Entry<T> found = literal == null ? null : find(literal, path, at + 1, method);
    if (found == null && node.any != null && !path.get(at).isEmpty()) {
      found = find(node.any, path, at + 1, method);
    }
    return found != null ? found : byMethod(node.rest, method);
  }

  private static <T> void collect(Node<T> node, List<String> path, int at, Set<String> methods) {
    node.rest.forEach(entry -> methods.addAll(entry.match().methods()));
    if (at == path.size()) {
      node.here.forEach(entry -> methods.addAll(entry.match().methods()));
      return;
    }
    Node<T> literal = node.literals.get(path.get(at));
    if (literal != null) {
      collect(literal, path, at + 1, methods);
    }
    if (node.any != null && !path.get(at).isEmpty()) {
      collect(node.any, path, at + 1, methods);
    }
  }

  private static <T> @Nullable Entry<T> byMethod(List<Entry<T>> entries, String method) {
    Entry<T> fallback = null;
    for (Entry<T> candidate : entries) {
      Set<String> methods = candidate.match().methods();
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

  /** One segment of the paths; written only while the tree is built. */
  private static final class Node<T> {
    final Map<String, Node<T>> literals = new HashMap<>();
    final List<Entry<T>> here = new ArrayList<>();
    final List<Entry<T>> rest = new ArrayList<>();
    @Nullable Node<T> any;

    Node<T> child(String segment) {
      if (!segment.equals("*")) {
        return literals.computeIfAbsent(segment, s -> new Node<>());
      }
      if (any == null) {
        any = new Node<>();
      }
      return any;
    }
  }
}
