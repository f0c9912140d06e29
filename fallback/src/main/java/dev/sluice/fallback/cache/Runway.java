package dev.sluice.fallback.cache;

import java.time.Duration;

/**
 * How long the copies of one route last in an outage.
 *
 * @param copies that could be served
 * @param first when the first of them has run out
 * @param last when all have
 */
public record Runway(String routeId, long copies, Duration first, Duration last) {
  /** This and one copy more that lasts so long. */
  Runway with(Duration left) {
    boolean sooner = copies == 0 || left.compareTo(first) < 0;
    boolean later = left.compareTo(last) > 0;
    return new Runway(routeId, copies + 1, sooner ? left : first, later ? left : last);
  }

  static Runway none(String routeId) {
    return new Runway(routeId, 0, Duration.ZERO, Duration.ZERO);
  }
}
