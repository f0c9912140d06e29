package dev.sluice.probes.verdict;

/**
 * A connection pool's own figures, as a backend's health body shows them.
 *
 * @param allocated connections that exist or are being made
 * @param pending callers that wait for one
 */
public record PoolFigures(int allocated, int acquired, int idle, int max, int pending) {
  @Override
  public String toString() {
    return "%d of %d connections exist, %d in use, %d idle, %d callers wait"
        .formatted(allocated, max, acquired, idle, pending);
  }

  /** Callers wait, every connection is out and none is being made. */
  boolean exhausted() {
    return pending > 0 && acquired >= max;
  }

  /** Callers wait for connections that are being made. */
  boolean stuck() {
    return pending > 0 && creating();
  }

  /** Connections are being made. */
  boolean creating() {
    return allocated - acquired - idle > 0;
  }
}
