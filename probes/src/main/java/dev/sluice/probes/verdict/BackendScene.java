package dev.sluice.probes.verdict;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known when one backend is judged.
 *
 * @param shared the gateway shares its network namespace
 * @param report null before its first probe
 * @param pool null when it shows no figures
 * @param dependencies the verdicts on what it depends on
 * @param previous the last verdict; null before the first
 */
public record BackendScene(
    String subject,
    boolean shared,
    @Nullable Report report,
    @Nullable PoolFigures pool,
    Passive passive,
    List<Verdict> dependencies,
    @Nullable Verdict previous,
    Instant now) {
  public BackendScene {
    dependencies = List.copyOf(dependencies);
  }

  /** True when nothing speaks against any dependency. */
  boolean dependenciesWell() {
    return dependencies.stream()
        .allMatch(v -> v.detail() == Detail.HEALTHY || v.detail() == Detail.GATEWAY_VIEW);
  }

  /** True when it refuses, calls itself unwell, or its live requests fail. */
  boolean unwell() {
    return (report != null && !report.ok()) || passive.markedErrors() || passive.unmarkedErrors();
  }
}
