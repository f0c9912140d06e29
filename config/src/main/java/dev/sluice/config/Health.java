package dev.sluice.config;

import java.util.Set;

/**
 * The gateway's own health answers.
 *
 * @param base the path of the full report; {@code /live}, {@code /ready} and {@code /startup} hang
 *     below it
 * @param whenDegraded what readiness answers while at least one route is useful but the mode is not
 *     full
 */
public record Health(String base, WhenDegraded whenDegraded) {
  /** Every path that the gateway answers itself. */
  public Set<String> paths() {
    return Set.of(base, live(), ready(), startup());
  }

  public String live() {
    return base + "/live";
  }

  public String ready() {
    return base + "/ready";
  }

  public String startup() {
    return base + "/startup";
  }

  /** PASS answers 200 with {@code warn}, FAIL answers 503. */
  public enum WhenDegraded {
    PASS,
    FAIL
  }
}
