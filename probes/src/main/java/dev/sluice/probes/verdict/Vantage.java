package dev.sluice.probes.verdict;

/** From where something was seen. */
public enum Vantage {
  /** The same network namespace as the backend. */
  SHARED,
  /** A ladder beside the backend that pushes its samples. */
  AGENT,
  /** The backend's own health report. */
  BACKEND,
  /** Outcomes of live requests. */
  TRAFFIC,
  /** This gateway, whose way to the database need not be the backend's. */
  GATEWAY;

  /** True when a sample from here says something about the backend's own path. */
  public boolean speaksForBackend() {
    return this == SHARED || this == AGENT || this == BACKEND;
  }
}
