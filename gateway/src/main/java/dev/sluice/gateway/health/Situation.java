package dev.sluice.gateway.health;

import dev.sluice.fallback.cache.Runway;
import dev.sluice.fallback.replay.Progress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway knows of itself beside the posture.
 *
 * @param draining a graceful stop has begun
 * @param passthrough the off switch is on: everything is forwarded
 * @param storeHealthy there is a store, and it acknowledges writes
 * @param anyCopies at least one answer is stored
 * @param runways how long the stored answers last, by route
 * @param drill the dependency that a drill takes to be down; null where there is none
 * @param replay how far the release of held writes has come
 */
public record Situation(
    boolean draining,
    boolean passthrough,
    boolean storeHealthy,
    boolean anyCopies,
    List<Runway> runways,
    @Nullable String drill,
    Progress replay) {
  public Situation {
    runways = List.copyOf(runways);
  }

  /** Running as usual, with an empty cache. */
  public static Situation running(boolean storeHealthy) {
    return new Situation(false, false, storeHealthy, false, List.of(), null, Progress.NONE);
  }
}
