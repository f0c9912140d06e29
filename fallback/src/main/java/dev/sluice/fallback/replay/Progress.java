package dev.sluice.fallback.replay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far the release of held writes has come.
 *
 * @param done ended since the queue was last empty
 * @param left active now
 * @param perSecond that ended lately, on average
 * @param remaining until none is left at this rate; null while nothing moves
 */
public record Progress(long done, long left, double perSecond, @Nullable Duration remaining) {
  /** Nothing waits, and nothing did. */
  public static final Progress NONE = new Progress(0, 0, 0, null);
}
