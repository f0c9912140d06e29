package dev.sluice.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a load.
 *
 * @param configuration null exactly when there is at least one error
 * @param problems errors and warnings, ordered by place
 */
public record LoadResult(@Nullable Configuration configuration, List<Problem> problems) {
  public LoadResult {
    problems = List.copyOf(problems);
  }

  public List<Problem> errors() {
    return problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).toList();
  }

  public List<Problem> warnings() {
    return problems.stream().filter(p -> p.severity() == Problem.Severity.WARNING).toList();
  }
}
