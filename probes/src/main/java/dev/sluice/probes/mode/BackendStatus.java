package dev.sluice.probes.mode;

import dev.sluice.probes.verdict.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * How one backend stands, and what it last said of itself.
 *
 * @param standing the last answer that is its own word: a failing one that a dependency explains,
 *     or whose fault is not known yet, leaves the one before it standing
 * @param mode what the dependencies leave of this backend
 */
public record BackendStatus(
    String id,
    Verdict verdict,
    BreakerState breaker,
    @Nullable BackendHealth lastHealth,
    @Nullable BackendHealth standing,
    ServiceMode mode) {
  /** The same in another mode. */
  BackendStatus with(ServiceMode other) {
    return new BackendStatus(id, verdict, breaker, lastHealth, standing, other);
  }
}
