package dev.sluice.probes.breaker;

import dev.sluice.probes.breaker.Trials.Trial;
import dev.sluice.probes.mode.BreakerState;

/** One breaker's leave for one call: the phase that gave it, and its slot in half-open. */
record Entry(Circuit circuit, Phase phase, Trial trial) {
  /** True for one of the few calls that are to prove the target. */
  boolean onTrial() {
    return phase.state == BreakerState.HALF_OPEN;
  }

  void good() {
    circuit.settled(this, Circuit.Outcome.GOOD);
  }

  void bad() {
    circuit.settled(this, Circuit.Outcome.BAD);
  }

  void leave() {
    circuit.settled(this, Circuit.Outcome.NOTHING);
  }
}
