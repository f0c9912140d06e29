package dev.sluice.gateway.filter;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request's place among those that its backend is sent at once, from its admission to the end
 * of its exchange: a stream without an end holds its place for as long as it lasts. Given back
 * exactly once, whatever ends the exchange and however often that is said.
 */
public final class Slot {
  /** Outside every limit; it counts nowhere. */
  public static final Slot NONE = new Slot(null, false);

  private final @Nullable BackendLimit limit;
  private final boolean replay;
  private final AtomicBoolean released = new AtomicBoolean();

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

  /** The exchange has ended. */
  public void release() {
    if (limit != null && released.compareAndSet(false, true)) {
      limit.released(replay);
    }
  }
}
