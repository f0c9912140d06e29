package dev.sluice.probes.breaker;

import dev.sluice.probes.breaker.Circuit.Outcome;
import dev.sluice.probes.mode.BreakerState;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A permit of one backend's breaker and of all its dependencies' breakers together. */
final class CompositePermit implements Permit {
  private final @Nullable Circuit backend;
  private final @Nullable Phase backendPhase;
  private final Circuit[] circuits;
  private final Phase[] phases;
  private final AtomicBoolean settled = new AtomicBoolean();

  CompositePermit(
      @Nullable Circuit backend, @Nullable Phase backendPhase, Circuit[] circuits, Phase[] phases) {
    this.backend = backend;
    this.backendPhase = backendPhase;
    this.circuits = circuits;
    this.phases = phases;
  }

  @Override
  public void succeeded() {
    if (settled.compareAndSet(false, true)) {
      settleBackend(Outcome.GOOD);
      for (int i = 0; i < circuits.length; i++) {
        circuits[i].served(false);
        boolean trial = phases[i].state == BreakerState.HALF_OPEN;
        circuits[i].settle(phases[i], trial ? Outcome.GOOD : Outcome.NOTHING);
      }
    }
  }

  @Override
  public void failed(Failure failure) {
    if (settled.compareAndSet(false, true)) {
      boolean backendOwn = failure == Failure.CONNECT || failure == Failure.RESET;
      settleBackend(backendOwn || !anySuspect() ? Outcome.BAD : Outcome.NOTHING);
      for (int i = 0; i < circuits.length; i++) {
        boolean counts = !backendOwn && circuits[i].suspect();
        circuits[i].settle(phases[i], counts ? Outcome.BAD : Outcome.NOTHING);
      }
    }
  }

  @Override
  public void released() {
    if (settled.compareAndSet(false, true)) {
      settleBackend(Outcome.NOTHING);
      for (int i = 0; i < circuits.length; i++) {
        circuits[i].settle(phases[i], Outcome.NOTHING);
      }
    }
  }

  private void settleBackend(Outcome outcome) {
    if (backend != null && backendPhase != null) {
      backend.settle(backendPhase, outcome);
    }
  }

  private boolean anySuspect() {
    for (Circuit circuit : circuits) {
      if (circuit.suspect()) {
        return true;
      }
    }
    return false;
  }
}
