package dev.sluice.probes.ladder;

import dev.sluice.probes.verdict.Rung;
import org.jspecify.annotations.Nullable;

/**
 * A rung that failed for a reason of the protocol, not of a library. Carries no stack trace: it is
 * an answer, not a defect.
 */
final class RungFailure extends Exception {
  private final @Nullable Rung rung;
  private final @Nullable String sqlState;
  private final boolean synthetic;
  private final @Nullable String signal;

  private RungFailure(
      String message,
      @Nullable Rung rung,
      @Nullable String sqlState,
      boolean synthetic,
      @Nullable String signal,
      @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.rung = rung;
    this.sqlState = sqlState;
    this.synthetic = synthetic;
    this.signal = signal;
  }

  /** Something that the wire or the far side did, by its word. */
  static RungFailure signal(String signal, String message) {
    return new RungFailure(message, null, null, false, signal, null);
  }

  /** An answer that no signal fits. */
  static RungFailure unspecific(String message) {
    return new RungFailure(message, null, null, false, null, null);
  }

  /** An error that the server itself reported. */
  static RungFailure server(String sqlState, String message) {
    return new RungFailure(message, null, sqlState, false, null, null);
  }

  /** A state that the server described without an error, by the SQLSTATE it would have. */
  static RungFailure state(String sqlState, String signal, String message) {
    return new RungFailure(message, null, sqlState, true, signal, null);
  }

  /** The same failure, told of another rung than the one being climbed. */
  static RungFailure at(Rung rung, Throwable failure) {
    if (failure instanceof RungFailure f) {
      return new RungFailure(f.text(), rung, f.sqlState, f.synthetic, f.signal, failure.getCause());
    }
    return new RungFailure(String.valueOf(failure.getMessage()), rung, null, false, null, failure);
  }

  String text() {
    return String.valueOf(getMessage());
  }

  @Nullable Rung rung() {
    return rung;
  }

  @Nullable String sqlState() {
    return sqlState;
  }

  boolean synthetic() {
    return synthetic;
  }

  @Nullable String signal() {
    return signal;
  }
}
