package dev.sluice.gateway.filter;

import java.util.concurrent.atomic.AtomicReference;

/**
 * A request that waits for its backend. It is called once or has left, never both; whoever loses
 * the race learns so.
 */
public abstract class Turn {
  private enum State {
    WAITING,
    CALLED,
    LEFT,
    SWEPT
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

  /** Its turn has come: the slot is its own. Called on any thread; must not block or throw. */
  protected abstract void comes(Slot slot);

  boolean call() {
    return state.compareAndSet(State.WAITING, State.CALLED);
  }

  boolean leave() {
    return state.compareAndSet(State.WAITING, State.LEFT);
  }

  /** Takes note, once, that the place of one that left is empty no more. */
  boolean sweep() {
    return state.compareAndSet(State.LEFT, State.SWEPT);
  }
}
