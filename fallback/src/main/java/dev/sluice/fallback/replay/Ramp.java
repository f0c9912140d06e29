package dev.sluice.fallback.replay;

/**
 * How many writes of one route may be in flight: one first, then twice as many after every window
 * without trouble up to half of the last good level, from there one more; half as many on trouble.
 * A window is as many outcomes as the level. For one thread.
 */
final class Ramp {
  private final int bound;
  private int level = 1;
  private int threshold;
  private int clean;

  Ramp(int bound) {
    this.bound = bound;
    this.threshold = bound;
  }

  int level() {
    return level;
  }

  /** The backend answered, and not with trouble of its own. */
  void good() {
    clean++;
    if (clean >= level) {
      clean = 0;
      level = Math.min(bound, level < threshold ? Math.min(threshold, level * 2) : level + 1);
    }
  }

  /** A 5xx, a timeout, or a request to slow down. */
  void trouble() {
    clean = 0;
    level = Math.max(1, level / 2);
    threshold = Math.max(2, level);
  }

  /** The gate closed or refused: whatever comes after begins with one again. */
  void restart() {
    clean = 0;
    if (level > 1) {
      threshold = Math.max(2, level / 2);
    }
    level = 1;
  }
}
