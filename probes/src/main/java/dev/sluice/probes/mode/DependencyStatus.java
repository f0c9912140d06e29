package dev.sluice.probes.mode;

import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * How one dependency stands.
 *
 * @param readOnly reads work and writes do not
 * @param proven it succeeded at least once since the start
 * @param suspect its last climb failed, or live requests fail and no climb has answered since
 */
public record DependencyStatus(
    String id,
    Verdict verdict,
    BreakerState breaker,
    boolean readOnly,
    boolean proven,
    boolean suspect,
    @Nullable Climb lastClimb) {}
