package dev.sluice.fallback.queue;

import dev.sluice.config.Writes.OnDead;
import org.jspecify.annotations.Nullable;

/**
 * How a write ended: the terminal state, with what the backend answered or why it did not.
 *
 * @param state a terminal one
 * @param then what becomes of the later writes of its ordering key
 */
public record Completion(
    WriteState state, @Nullable CapturedAnswer answer, @Nullable String error, OnDead then) {
  public Completion {
    if (!state.terminal()) {
      throw new IllegalArgumentException(state + " ends nothing");
    }
  }

  /** The later writes of its ordering key go on. */
  public Completion(WriteState state, @Nullable CapturedAnswer answer, @Nullable String error) {
    this(state, answer, error, OnDead.CONTINUE);
  }

  /** The same, with this for the later writes where it ended DEAD or AMBIGUOUS. */
  public Completion then(OnDead next) {
    boolean concerned = state == WriteState.DEAD || state == WriteState.AMBIGUOUS;
    return concerned ? new Completion(state, answer, error, next) : this;
  }

  /** The backend took it. */
  public static Completion succeeded(CapturedAnswer answer) {
    return new Completion(WriteState.SUCCEEDED, answer, null);
  }

  /** The backend refused it for good. */
  public static Completion failed(CapturedAnswer answer) {
    return new Completion(WriteState.FAILED, answer, "the backend answered " + answer.status());
  }

  /** It may have reached the backend and must not be repeated unasked. */
  public static Completion ambiguous(String reason) {
    return new Completion(WriteState.AMBIGUOUS, null, reason);
  }

  /** The attempts are used up. */
  public static Completion dead(String reason, @Nullable CapturedAnswer answer) {
    return new Completion(WriteState.DEAD, answer, reason);
  }
}
