package dev.sluice.gateway.alerts;

import dev.sluice.fallback.cache.Runway;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.probes.history.PathFigures;
import dev.sluice.probes.history.PoolSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be worth a word before it fails.
 *
 * @param oldest age of the oldest held write; null where none waits
 * @param parked writes that ended without success and wait for an operator
 * @param orphaned routes that writes wait for although they are gone
 * @param diskFree per cent of the store's disk; null where there is none
 * @param certificate when the first of the gateway's own certificates ends; null where it has none
 * @param regressions scheduled validations whose last result is not well
 */
public record Signs(
    List<PathFigures> paths,
    List<PoolSeries> pools,
    List<Runway> runways,
    @Nullable Duration oldest,
    long parked,
    Set<String> orphaned,
    @Nullable Integer diskFree,
    @Nullable Instant certificate,
    List<Revalidated> regressions) {
  public static final Signs NONE =
      new Signs(List.of(), List.of(), List.of(), null, 0, Set.of(), null, null, List.of());
}
