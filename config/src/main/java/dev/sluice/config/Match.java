package dev.sluice.config;

import java.util.Set;

/**
 * Which requests a route takes.
 *
 * @param path begins with a slash; a segment {@code *} matches one segment, a last segment {@code
 *     **} matches the rest, none included
 * @param methods empty matches every method
 */
public record Match(String path, Set<String> methods) {
  public Match {
    methods = Set.copyOf(methods);
  }
}
