package dev.sluice.fallback.queue;

import org.jspecify.annotations.Nullable;

/**
 * How a write ended: the terminal state, with what the backend answered or why it did not.
 *
 * @param state a terminal one
 */
public record Completion(
    WriteState state, @Nullable CapturedAnswer answer, @Nullable String error) {
  public Completion {
    if (!state.terminal()) {
      throw new IllegalArgumentException(state + " ends nothing");
    }
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
