package dev.sluice.gateway.filter;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request's place among those that its backend is sent at once, from its admission to the end
 * of its exchange: a stream without an end holds its place for as long as it lasts. It is lent out
 * while the exchange waits for its client, so that slow clients take no place of others; it comes
 * back without waiting, since the backend has the request already. Given back exactly once,
 * whatever ends the exchange and however often that is said.
 */
public final class Slot {
  /** Outside every limit; it counts nowhere. */
  public static final Slot NONE = new Slot(null, false);

  private enum State {
    HELD,
    LENT,
    RELEASED
  }

  private final @Nullable BackendLimit limit;
  private final boolean replay;
  private final AtomicReference<State> state = new AtomicReference<>(State.HELD);

  Slot(@Nullable BackendLimit limit, boolean replay) {
    this.limit = limit;
    this.replay = replay;
  }

  /**
   * The backend's answer began so long after the request was sent to it. Not to be told of answers
   * that say nothing of its load, such as errors.
   */
  public void answered(long nanos) {
    if (limit != null) {
      limit.samples().answered(nanos, limit.inFlight());
    }
  }

  /** The backend gave no answer in time, or said itself that it is overloaded. */
  public void dropped() {
    if (limit != null) {
      limit.samples().dropped();
    }
  }

  /** The exchange waits for its client: for more of the request, or for room for the answer. */
  public void lend() {
    if (limit != null && state.compareAndSet(State.HELD, State.LENT)) {
      limit.released(replay);
    }
  }

  /** The exchange goes on. */
  public void takeBack() {
    if (limit != null && state.compareAndSet(State.LENT, State.HELD)) {
      limit.again(replay);
    }
  }

  /** The exchange has ended. */
  public void release() {
    if (limit != null && state.getAndSet(State.RELEASED) == State.HELD) {
      limit.released(replay);
    }
  }
}
