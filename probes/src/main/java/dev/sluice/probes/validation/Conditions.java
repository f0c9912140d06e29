package dev.sluice.probes.validation;

import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What a validation is measured by, and what ends it early.
 *
 * @param usual how long connections to a dependency took on usual days
 * @param strained whether clients have fared worse since it began
 */
public record Conditions(
    Limits limits, Function<String, Baseline> usual, BooleanSupplier strained) {
  /** With nothing to compare with, and nobody to look after. */
  public static Conditions of(Limits limits) {
    return new Conditions(limits, id -> Baseline.EMPTY, () -> false);
  }
}
