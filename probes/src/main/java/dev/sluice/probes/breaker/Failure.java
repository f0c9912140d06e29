package dev.sluice.probes.breaker;

/** How a live request failed. */
public enum Failure {
  /** No connection to the backend. */
  CONNECT,
  /** The connection broke before the answer was complete. */
  RESET,
  /** A deadline passed. */
  TIMEOUT,
  /** The backend answered 502, 503 or 504; any other answer above 499 is a released permit. */
  STATUS_5XX
}
