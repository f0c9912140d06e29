package dev.sluice.probes.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known when one backend is judged.
 *
 * @param shared the gateway shares its network namespace
 * @param report null before its first probe
 * @param agreeing how many of its latest answers failed in the same way without an excuse
 * @param excused a dependency's fault explained an earlier answer of the row that fails
 * @param pool null when it shows no figures
 * @param dependencies what it depends on
 * @param previous the last verdict; null before the first
 * @param revision that changed while it was watched; null where none did
 * @param spared requests to it that need no dependency
 */
public record BackendScene(
    String subject,
    boolean shared,
    @Nullable Report report,
    int agreeing,
    boolean excused,
    @Nullable PoolFigures pool,
    Passive passive,
    List<Needed> dependencies,
    @Nullable Verdict previous,
    Instant now,
    @Nullable Revision revision,
    Passive spared) {
  private static final int ENOUGH = 3;

  /** Live requests fail too. */
  private static final int ENOUGH_WITH_TRAFFIC = 2;

  /** Answers that a look at the dependencies is waited for; climbs end sooner. */
  private static final int PATIENCE = 10;

  /** A scene without a change of revision and without requests that need no dependency. */
  public BackendScene(
      String subject,
      boolean shared,
      @Nullable Report report,
      int agreeing,
      boolean excused,
      @Nullable PoolFigures pool,
      Passive passive,
      List<Needed> dependencies,
      @Nullable Verdict previous,
      Instant now) {
    this(
        subject,
        shared,
        report,
        agreeing,
        excused,
        pool,
        passive,
        dependencies,
        previous,
        now,
        null,
        Passive.NONE);
  }

  public BackendScene {
    dependencies = List.copyOf(dependencies);
  }

  /** When the fault that is judged began. */
  private Instant began() {
    return previous != null && previous.cause() != Cause.NONE ? previous.since() : now;
  }

  /** What a new revision has to do with it, in a sentence; null where it has nothing. */
  @Nullable String deployed() {
    Duration ahead = revision == null ? null : revision.ahead(began());
    return revision == null || ahead == null ? null : revision.sentence(ahead);
  }

  /** True when requests fail that need a dependency, and those that need none do not. */
  boolean onlyNeedy() {
    return passive.failing() && spared.succeeded() > 0 && spared.errors() == 0;
  }

  /** True when nothing speaks against any dependency. */
  boolean dependenciesWell() {
    return dependencies.stream().allMatch(Needed::well);
  }

  /** True when it refuses, calls itself unwell, or its live requests fail. */
  boolean unwell() {
    return failing() || passive.markedErrors() || passive.unmarkedErrors();
  }

  /**
   * True while it is not known whose fault a failing answer is: a dependency has not been looked at
   * since; silence, as of one that waits for its database, has been met less than three times
   * (twice where requests fail too), or meets a suspect dependency; or a dependency has just come
   * back and the backend may follow.
   */
  public boolean undecided() {
    if (!failing() || refused() || blamed()) {
      return false;
    }
    boolean few = agreeing < (passive.failing() ? ENOUGH_WITH_TRAFFIC : ENOUGH);
    boolean unseen = dependencies.stream().anyMatch(d -> !d.looked()) && agreeing < PATIENCE;
    return unseen || (few && excused) || (silent() && (few || suspect() != null));
  }

  /** True while a dependency explains a failing answer, or may yet be found to. */
  public boolean excuses() {
    return !refused()
        && (blamed()
            || dependencies.stream().anyMatch(d -> d.suspect() && (silent() || !d.looked())));
  }

  private boolean blamed() {
    return dependencies.stream().anyMatch(Needed::blamed);
  }

  /** A dependency whose last climb failed; null when all held. */
  @Nullable Needed suspect() {
    return dependencies.stream().filter(Needed::suspect).findFirst().orElse(null);
  }

  boolean refused() {
    return report != null && report.refused();
  }

  boolean silent() {
    return report != null && report.silent();
  }

  private boolean failing() {
    return report != null && !report.ok();
  }

  /** As sure as the number of answers that agree allows. */
  double capped(double confidence) {
    if (!failing() || agreeing >= ENOUGH) {
      return confidence;
    }
    return Math.min(confidence, agreeing == 2 ? .85 : .7);
  }
}
