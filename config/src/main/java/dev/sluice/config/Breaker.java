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
 */
public record Breaker(int failures, Duration retryAfter, int trialClimbs, int trialCalls) {}
