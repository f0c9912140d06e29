package dev.sluice.probes.verdict;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rung, climbed once.
 *
 * @param target the id of the dependency, control or backend
 * @param millis how long it took
 * @param exception the class of what was thrown; evidence only, never a ground for a verdict
 * @param causeChain the simple class names and texts from the outermost cause inwards
 * @param sqlState five characters; see {@code synthetic}
 * @param synthetic true when the driver made the SQLSTATE up, so that no server ever said it
 * @param message the innermost text
 * @param signal a word of {@link Signal}; null when the rung knows none
 * @param certificateEnds until when the certificate that the target has shown is good
 */
public record Sample(
    String target,
    Rung rung,
    Vantage vantage,
    boolean ok,
    long millis,
    @Nullable String exception,
    List<String> causeChain,
    @Nullable String sqlState,
    boolean synthetic,
    @Nullable String message,
    @Nullable String signal,
    @Nullable Instant certificateEnds) {
  public Sample {
    causeChain = List.copyOf(causeChain);
  }

  /** The same, seen from elsewhere. */
  public Sample from(Vantage other) {
    return new Sample(
        target,
        rung,
        other,
        ok,
        millis,
        exception,
        causeChain,
        sqlState,
        synthetic,
        message,
        signal,
        certificateEnds);
  }

  /** One that saw no certificate. */
  public Sample(
      String target,
      Rung rung,
      Vantage vantage,
      boolean ok,
      long millis,
      @Nullable String exception,
      List<String> causeChain,
      @Nullable String sqlState,
      boolean synthetic,
      @Nullable String message,
      @Nullable String signal) {
    this(
        target,
        rung,
        vantage,
        ok,
        millis,
        exception,
        causeChain,
        sqlState,
        synthetic,
        message,
        signal,
        null);
  }

  /** A rung that held. */
  public static Sample good(String target, Rung rung, Vantage vantage, long millis) {
    return new Sample(
        target, rung, vantage, true, millis, null, List.of(), null, false, null, null);
  }

  /** A rung that failed with a signal and no exception. */
  public static Sample bad(
      String target, Rung rung, Vantage vantage, long millis, String signal, String message) {
    return new Sample(
        target, rung, vantage, false, millis, null, List.of(), null, false, message, signal);
  }

  /** The SQLSTATE if a server really said it. */
  public @Nullable String serverState() {
    return synthetic ? null : sqlState;
  }
}
