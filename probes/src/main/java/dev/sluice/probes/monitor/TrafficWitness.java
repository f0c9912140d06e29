package dev.sluice.probes.monitor;

import dev.sluice.probes.breaker.Failure;
import java.util.List;

/** Told of every forwarded exchange; cheap, and callable from event loops. */
public interface TrafficWitness {
  /**
   * A backend answered.
   *
   * @param marked the answer carries the backend's marker header, so the application made it
   */
  void answered(String backendId, List<String> dependencyIds, int status, boolean marked);

  /**
   * A failing answer carried a {@code Sluice-Evidence} header.
   *
   * @param value as it came, from a configured backend
   */
  default void told(String backendId, String value) {}

  /** An exchange ended without an answer of the backend. */
  void failed(String backendId, List<String> dependencyIds, Failure failure);

  /**
   * A request has been in flight longer than max(500 ms, 4 x the route's p99). Says nothing of its
   * outcome, which is told when it ends; asks for a look at the backend and what it needs, at most
   * once a second each. May be called again for the same request.
   */
  default void slow(String backendId, List<String> dependencyIds) {}
}
