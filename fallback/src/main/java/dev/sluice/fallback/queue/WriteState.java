package dev.sluice.fallback.queue;

import java.util.EnumSet;
import java.util.Set;

/** Where a queued write stands. A terminal state changes only by an operator's requeue. */
public enum WriteState {
  /** Committed and waiting for its turn. */
  QUEUED(false),
  /** An attempt has begun; it may have reached the backend. */
  IN_FLIGHT(false),
  /** An attempt came to nothing; the next one waits for its time. */
  RETRY_WAIT(false),
  /** The backend took it. */
  SUCCEEDED(true),
  /** The backend refused it for good. */
  FAILED(true),
  /** An attempt may have reached the backend and must not be repeated unasked. */
  AMBIGUOUS(true),
  /** The attempts are used up. */
  DEAD(true),
  /** Its time ran out before it could be sent. */
  EXPIRED(true),
  /** Withdrawn before it was sent. */
  CANCELLED(true);

  /** The states that still count against the bounds and hold up their ordering key. */
  public static final Set<WriteState> ACTIVE =
      Set.copyOf(EnumSet.of(QUEUED, IN_FLIGHT, RETRY_WAIT));

  private final boolean terminal;

  WriteState(boolean terminal) {
    this.terminal = terminal;
  }

  public boolean terminal() {
    return terminal;
  }

  /** Whether an operator may put a write in this state back into the queue. */
  public boolean requeueable() {
    return this == DEAD || this == AMBIGUOUS || this == FAILED || this == EXPIRED;
  }
}
