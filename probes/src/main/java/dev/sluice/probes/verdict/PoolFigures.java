package dev.sluice.probes.verdict;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connection pool's own figures, as a backend's health body shows them.
 *
 * @param allocated connections that exist or are being made
 * @param pending callers that wait for one
 */
public record PoolFigures(int allocated, int acquired, int idle, int max, int pending) {
  /** Read from JSON members of these names; null when one is missing. */
  public static @Nullable PoolFigures in(String body) {
    int allocated = member(body, "allocated|total");
    int acquired = member(body, "acquired|active");
    int idle = member(body, "idle");
    int max = member(body, "max|maxAllocated|max-allocated");
    int pending = member(body, "pending");
    boolean all = allocated >= 0 && acquired >= 0 && idle >= 0 && max >= 0 && pending >= 0;
    return all ? new PoolFigures(allocated, acquired, idle, max, pending) : null;
  }

  private static int member(String body, String names) {
    Matcher found = Pattern.compile("\"(?:" + names + ")\"\\s*:\\s*(\\d{1,6})").matcher(body);
    return found.find() ? Integer.parseInt(found.group(1)) : -1;
  }

  /** Callers wait, every connection is out and none is being made. */
  boolean exhausted() {
    return pending > 0 && acquired >= max;
  }

  /** Callers wait for connections that are being made. */
  boolean stuck() {
    return pending > 0 && allocated - acquired - idle > 0;
  }
}
