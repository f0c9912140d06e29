package dev.sluice.config;

import java.time.Duration;
import java.util.Set;

/**
 * The gateway's own health answers.
 *
 * @param base the path of the full report; {@code /live}, {@code /ready} and {@code /startup} hang
 *     below it
 * @param whenDegraded what readiness answers while at least one route is useful but the mode is not
 *     full
 * @param probing when dependencies, controls and backends are looked at
 */
public record Health(String base, WhenDegraded whenDegraded, Probing probing) {
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

  /**
   * When probes are made.
   *
   * @param patience how long a health request waits for the probes that it begins, in the mode
   *     ON_DEMAND; shorter than whoever asks is ready to wait
   */
  public record Probing(When when, Duration patience) {
    /** On their own clocks, unless the process stands still between requests. */
    public static final Probing AUTO = new Probing(When.AUTO, Duration.ofMillis(800));

    /** The modes. */
    public enum When {
      /** BACKGROUND, or PIGGYBACK while the process stands still between requests. */
      AUTO,
      /** On their own clocks. */
      BACKGROUND,
      /** Those that are due begin with a health request, which does not wait for them. */
      PIGGYBACK,
      /** Those that are due begin with a health request, which waits for them. */
      ON_DEMAND
    }
  }

  /** PASS answers 200 with {@code warn}, FAIL answers 503. */
  public enum WhenDegraded {
    PASS,
    FAIL
  }
}
