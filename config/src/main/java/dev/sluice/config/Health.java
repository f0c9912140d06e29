package dev.sluice.config;

/**
 * The gateway's own health answers.
 *
 * @param base the path of the full report; {@code /live}, {@code /ready} and {@code /startup} hang
 *     below it
 * @param whenDegraded what readiness answers while at least one route is useful but the mode is not
 *     full
 */
public record Health(String base, WhenDegraded whenDegraded) {
  /** PASS answers 200 with {@code warn}, FAIL answers 503. */
  public enum WhenDegraded {
    PASS,
    FAIL
  }
}
