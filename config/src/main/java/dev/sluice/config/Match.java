package dev.sluice.config;

import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** The same with its path in {@link PathForm}, its stars left; null where no request has it. */
  public @Nullable Match formed() {
    String form = PathForm.of(path);
    if (form == null) {
      return null;
    }
    String[] written = path.split("/", -1);
    String[] segments = form.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      if (written[i].equals("*") || written[i].equals("**")) {
        segments[i] = written[i];
      }
    }
    return new Match(String.join("/", segments), methods);
  }
}
