package dev.sluice.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a load.
 *
 * @param configuration null exactly when there is at least one error
 * @param problems errors and warnings, ordered by place
 * @param origins what the files say where a value came from the environment, by the path of its key
 *     such as {@code listen.port}
 */
public record LoadResult(
    @Nullable Configuration configuration, List<Problem> problems, Map<String, String> origins) {
  public LoadResult {
    problems = List.copyOf(problems);
    origins = Map.copyOf(origins);
  }

  public List<Problem> errors() {
    return problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).toList();
  }

  public List<Problem> warnings() {
    return problems.stream().filter(p -> p.severity() == Problem.Severity.WARNING).toList();
  }
}
