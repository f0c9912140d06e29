package dev.sluice.gateway.admin;

import dev.sluice.probes.mode.BreakerState;
import java.time.Instant;
import java.util.List;

/**
 * The last hour of traffic and breakers.
 *
 * @param minutes those with a request, the oldest first
 * @param turns of all breakers, the oldest first; the last one before the hour too
 */
public record Hour(List<Minute> minutes, List<Turn> turns) {
  /**
   * One minute.
   *
   * @param minute since the epoch
   * @param failed of the requests, for a backend's or the gateway's sake
   * @param copies of the requests, answered from stored copies
   * @param p50 median of their durations, in milliseconds
   * @param p99 99th percentile
   */
  public record Minute(long minute, long requests, long failed, long copies, int p50, int p99) {}

  /** A breaker came to a state. */
  public record Turn(Instant at, String id, BreakerState to) {}

  public Hour {
    minutes = List.copyOf(minutes);
    turns = List.copyOf(turns);
  }
}
