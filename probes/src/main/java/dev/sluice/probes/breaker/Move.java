package dev.sluice.probes.breaker;

import dev.sluice.probes.mode.BreakerState;

/**
 * A breaker went from one state to another, or on within half-open.
 *
 * @param id of the dependency or backend
 * @param why a clause without a full stop: {@code 5 failed climbs in a row (vpc-path)}
 */
public record Move(String id, BreakerState from, BreakerState to, String why) {}
