package dev.sluice.probes.breaker;

import java.util.Locale;

/** How a live request failed. */
public enum Failure {
  /** No connection to the backend. */
  CONNECT,
  /** The connection broke before the answer was complete. */
  RESET,
  /** A deadline passed. */
  TIMEOUT,
  /** The backend answered 502, 503 or 504; any other answer above 499 is a released permit. */
  STATUS_5XX;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** For metrics and traces, such as {@code timeout}. */
  public String label() {
    return label;
  }
}
