package dev.sluice.probes.breaker;

import dev.sluice.probes.breaker.Trials.Trial;

/** One breaker's leave for one call: the phase that gave it, and its slot on trial. */
record Entry(Circuit circuit, Phase phase, Trial trial) {
  /** True for a call of half-open, whose outcome counts by itself. */
  boolean proves() {
    return phase.stage == Stage.TRIALS || phase.stage == Stage.RAMP;
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
