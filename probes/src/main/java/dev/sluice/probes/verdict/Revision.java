package dev.sluice.probes.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A backend's newest revision, by its own word.
 *
 * @param before the one that it replaced
 * @param changed when that was noticed
 */
public record Revision(String before, String now, Instant changed) {
  private static final Duration SUSPECT = Duration.ofMinutes(30);

  /** How long after the change a fault began; null where it began before, or much later. */
  @Nullable Duration ahead(Instant began) {
    Duration ahead = Duration.between(changed, began);
    return ahead.isNegative() || ahead.compareTo(SUSPECT) > 0 ? null : ahead;
  }

  /** For the evidence of a fault that began so long after it. */
  String sentence(Duration ahead) {
    return String.format(
        Locale.ROOT,
        "It began %,d s after revision %s replaced %s.",
        ahead.toSeconds(),
        now,
        before);
  }
}
