package dev.sluice.probes.validation;

import java.time.Duration;

/**
 * What is good enough.
 *
 * @param failing the share of connections that may fail, from 0 to 1
 * @param p95 of how long a connection takes, up to its first answer
 */
public record Limits(double failing, Duration p95) {
  /** One in a hundred, and half a second. */
  public static final Limits USUAL = new Limits(.01, Duration.ofMillis(500));
}
