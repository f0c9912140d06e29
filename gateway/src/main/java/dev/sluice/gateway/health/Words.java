package dev.sluice.gateway.health;

import java.time.Duration;

/** Durations as people say them. */
public final class Words {
  private Words() {}

  /** Such as {@code 90 s}, {@code 12 min} or {@code 5 h}; what is negative is none. */
  public static String of(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
