package dev.sluice.probes.breaker;

import dev.sluice.probes.mode.BreakerState;

/** Where a breaker stands; half-open has two stages. */
enum Stage {
  CLOSED(BreakerState.CLOSED),
  OPEN(BreakerState.OPEN),
  /** A few calls are let through, all of which must succeed. */
  TRIALS(BreakerState.HALF_OPEN),
  /** Traffic comes back, a share of it at first. */
  RAMP(BreakerState.HALF_OPEN);

  final BreakerState state;

  Stage(BreakerState state) {
    this.state = state;
  }
}
