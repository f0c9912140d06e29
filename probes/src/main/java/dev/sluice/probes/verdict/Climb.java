package dev.sluice.probes.verdict;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ladder climbed once, to its end or to the first rung that failed.
 *
 * @param at when it began
 * @param samples in the order climbed
 * @param sessions who held the server's connections; null where that was not asked
 */
public record Climb(
    String targetId,
    Instant at,
    Vantage vantage,
    List<Sample> samples,
    @Nullable Sessions sessions) {
  public Climb {
    samples = List.copyOf(samples);
  }

  /** A climb that did not ask for sessions. */
  public Climb(String targetId, Instant at, Vantage vantage, List<Sample> samples) {
    this(targetId, at, vantage, samples, null);
  }

  /** True when no rung failed. */
  public boolean ok() {
    return failed() == null;
  }

  /** How long a climb took that held; -1 for none or another. */
  public static long heldMillis(@Nullable Climb climb) {
    return climb == null || !climb.ok()
        ? -1
        : climb.samples.stream()
            .filter(sample -> sample.rung().ofTarget())
            .mapToLong(Sample::millis)
            .sum();
  }

  /** The first rung that failed; null when none did. */
  public @Nullable Sample failed() {
    for (Sample sample : samples) {
      if (!sample.ok()) {
        return sample;
      }
    }
    return null;
  }

  /**
   * The rung that says what is wrong: the first that failed, or one that holds although some of the
   * addresses are dead; null when all is well.
   */
  public @Nullable Sample telling() {
    Sample failed = failed();
    return failed != null
        ? failed
        : samples.stream()
            .filter(sample -> Signal.PARTIAL.equals(sample.signal()))
            .findFirst()
            .orElse(null);
  }

  /** Until when the certificate is good that the target has shown; null where it showed none. */
  public @Nullable Instant certificateEnds() {
    Sample tls = at(Rung.TLS);
    return tls == null ? null : tls.certificateEnds();
  }

  /** The sample of a rung; null when it was not climbed. */
  public @Nullable Sample at(Rung rung) {
    for (Sample sample : samples) {
      if (sample.rung() == rung) {
        return sample;
      }
    }
    return null;
  }
}
