package dev.sluice.config;

import java.time.Duration;

/**
 * When breakers open and how they close.
 *
 * @param failures in a row that open one: 5 in staging, 10 elsewhere
 * @param retryAfter how long an open breaker waits where no probe tells it sooner, and the cap of
 *     Retry-After
 * @param trialClimbs good climbs in a row that move an open breaker to half-open
 * @param trialCalls live calls let through half-open, all of which must succeed
 * @param recovery over how long traffic comes back after them, from 1 % to all of it; zero: at once
 * @param learning what outages may change of this
 */
public record Breaker(
    int failures,
    Duration retryAfter,
    int trialClimbs,
    int trialCalls,
    Duration recovery,
    Learning learning) {

  /** Whether what was learnt is gone by. */
  public enum LearningMode {
    ON,
    DRY_RUN,
    OFF
  }

  /**
   * The bounds within which the breaker of a dependency adapts itself.
   *
   * @param mode DRY_RUN says what it would change and changes nothing
   * @param leastFailures never opened by fewer in a row
   * @param mostFailures never opened by more
   * @param leastRetryAfter never tried sooner
   * @param mostRetryAfter never tried later
   */
  public record Learning(
      LearningMode mode,
      int leastFailures,
      int mostFailures,
      Duration leastRetryAfter,
      Duration mostRetryAfter) {}

  /** The same with what was learnt. */
  public Breaker with(int otherFailures, Duration otherRetryAfter) {
    return new Breaker(otherFailures, otherRetryAfter, trialClimbs, trialCalls, recovery, learning);
  }
}
