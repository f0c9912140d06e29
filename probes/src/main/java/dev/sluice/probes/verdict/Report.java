package dev.sluice.probes.verdict;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a backend says of itself.
 *
 * @param text its answer in one line, or why there was none
 * @param complaints its failing components
 * @param health false where the backend has no health route and was only connected to
 */
public record Report(
    boolean ok, Reach reach, String text, List<Complaint> complaints, boolean health) {
  public Report {
    complaints = List.copyOf(complaints);
  }

  boolean answered() {
    return reach == Reach.ANSWERED;
  }

  boolean refused() {
    return !ok && reach == Reach.REFUSED;
  }

  boolean silent() {
    return !ok && reach == Reach.SILENT;
  }

  /** What it says of its dependencies; null when it is well or says nothing that is understood. */
  @Nullable Detail complaint() {
    return ok
        ? null
        : complaints.stream()
            .filter(Complaint::ofDependency)
            .map(Complaint::detail)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
  }

  /** It complains of something that it depends on, in whatever words. */
  boolean complainsHere() {
    return !ok && complaints.stream().anyMatch(Complaint::ofDependency);
  }

  /** It complains, and of nothing that its route file knows. */
  boolean complainsElsewhere() {
    return !complaints.isEmpty() && complaints.stream().noneMatch(Complaint::ofDependency);
  }
}
