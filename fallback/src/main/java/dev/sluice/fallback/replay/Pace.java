package dev.sluice.fallback.replay;

import java.time.Duration;

/**
 * How fast and how long replay tries.
 *
 * @param attempts that count before a write is DEAD
 * @param firstDelay the widest pause after the first failed attempt; it doubles with each
 * @param longestDelay where the doubling ends
 * @param unsentDelay the pause after an attempt that was refused before it was sent
 * @param perRoute the most writes of one route in flight
 * @param total the most writes in flight
 * @param poll how often the store is asked for due writes
 * @param attemptDeadline after which the sender is given up; it is told to end a tenth earlier
 * @param storeDeadline after which an answer of the store is no longer waited for
 * @param drain how long closing waits for writes in flight
 */
public record Pace(
    int attempts,
    Duration firstDelay,
    Duration longestDelay,
    Duration unsentDelay,
    int perRoute,
    int total,
    Duration poll,
    Duration attemptDeadline,
    Duration storeDeadline,
    Duration drain) {
  /** About ten minutes of attempts, at most 16 at once for a route and 32 for all. */
  public static final Pace DEFAULT =
      new Pace(
          10,
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          Duration.ofSeconds(1),
          16,
          32,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10));

  public Pace {
    if (attempts < 1 || perRoute < 1 || total < 1) {
      throw new IllegalArgumentException("attempts and bounds are at least 1");
    }
  }

  /** The same with attempts that are given up after this, where that is sooner. */
  public Pace giveUpAfter(Duration most) {
    Duration sooner = most.compareTo(attemptDeadline) < 0 ? most : attemptDeadline;
    return new Pace(
        attempts,
        firstDelay,
        longestDelay,
        unsentDelay,
        perRoute,
        total,
        poll,
        sooner,
        storeDeadline,
        drain);
  }

  /** The time that the sender has; it ends by itself before it is given up. */
  Duration within() {
    return attemptDeadline.minus(attemptDeadline.dividedBy(10));
  }

  /** The widest pause after this many attempts. */
  Duration ceiling(int made) {
    long longest = longestDelay.toMillis();
    long factor = 1L << Math.min(30, Math.max(0, made - 1));
    return Duration.ofMillis(Math.min(longest, firstDelay.toMillis() * factor));
  }
}
