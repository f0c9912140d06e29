package dev.sluice.probes.breaker;

/** How a live request failed. */
public enum Failure {
  /** No connection to the backend. */
  CONNECT,
  /** The connection broke before the answer was complete. */
  RESET,
  /** A deadline passed. */
  TIMEOUT,
  /** The backend answered 500 or above. */
  STATUS_5XX
}
