package dev.sluice.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something a backend needs, probed by the ladder.
 *
 * @param network the network that its way runs over; null when the file names none
 * @param interval between climbs; 1 s after a failed rung until the dependency is well again
 * @param fullQuery the operator's query of the full tier; null leaves that rung out
 * @param fullInterval how often the full tier runs
 * @param required false: its failure never changes the service mode
 */
public record Dependency(
    String id,
    Target target,
    @Nullable String network,
    Tiers tiers,
    Duration interval,
    @Nullable String fullQuery,
    Duration fullInterval,
    boolean required,
    Place place) {
  /**
   * The same as far as a connection of TCP to its server, and no further; null where it is reached
   * by a file.
   */
  public @Nullable Dependency footing() {
    Target.@Nullable Tcp foot = target.footing();
    return foot == null
        ? null
        : new Dependency(id, foot, network, tiers, interval, null, fullInterval, required, place);
  }
}
