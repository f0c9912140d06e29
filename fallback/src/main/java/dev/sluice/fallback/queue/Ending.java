package dev.sluice.fallback.queue;

import java.util.List;

/**
 * What the end of a claimed write changed.
 *
 * @param current false where another claim had taken the write over: nothing changed
 * @param behind later writes of its ordering key that ended with it, without their bodies
 */
public record Ending(boolean current, List<QueuedWrite> behind) {
  /** Nothing changed. */
  public static final Ending STALE = new Ending(false, List.of());

  /** It alone ended. */
  public static final Ending ALONE = new Ending(true, List.of());

  public Ending {
    behind = List.copyOf(behind);
  }
}
