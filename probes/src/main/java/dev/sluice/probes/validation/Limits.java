package dev.sluice.probes.validation;

import dev.sluice.config.Validation;
import java.time.Duration;

/**
 * What is good enough.
 *
 * @param failing the share of connections that may fail, from 0 to 1
 * @param p95 of how long a connection takes, up to its first answer
 */
public record Limits(double failing, Duration p95) {
  /** Where the files say nothing. */
  public static final Limits USUAL = of(Validation.USUAL);

  /** As the route files have them. */
  public static Limits of(Validation said) {
    return new Limits(said.maxFailing() / 100.0, said.connectP95());
  }
}
