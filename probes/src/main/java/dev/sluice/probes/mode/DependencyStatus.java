package dev.sluice.probes.mode;

import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * How one dependency stands.
 *
 * @param readOnly reads work and writes do not
 * @param proven a session with it worked at least once since the start
 * @param wellOnce everything about it held at least once since the start, the full query too
 * @param besideClimb an agent's beside the backend; null where none was heard lately
 * @param suspect its last climb failed, or live requests fail and no climb has answered since
 */
public record DependencyStatus(
    String id,
    Verdict verdict,
    BreakerState breaker,
    boolean readOnly,
    boolean proven,
    boolean wellOnce,
    boolean suspect,
    @Nullable Climb lastClimb,
    @Nullable Climb besideClimb) {
  /** The same with its breaker in another state. */
  DependencyStatus with(BreakerState other) {
    return new DependencyStatus(
        id, verdict, other, readOnly, proven, wellOnce, suspect, lastClimb, besideClimb);
  }
}
