package dev.sluice.probes.validation;

import java.util.Locale;

/** What one step of a validation has shown. */
public enum Outcome {
  /** It holds. */
  PASSED,
  /** It does not. */
  FAILED,
  /** Neither can be said for sure. */
  UNPROVEN;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** For reports. */
  public String label() {
    return label;
  }
}
