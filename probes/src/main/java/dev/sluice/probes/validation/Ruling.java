package dev.sluice.probes.validation;

import java.util.List;

/** What all steps together say. */
public enum Ruling {
  FIXED("fixed"),
  NOT_FIXED("not fixed"),
  NOT_PROVEN("not proven");

  private final String words;

  Ruling(String words) {
    this.words = words;
  }

  /** One failure is enough; so is nothing at all to prove nothing. */
  public static Ruling of(List<Step> steps) {
    if (steps.stream().anyMatch(step -> step.outcome() == Outcome.FAILED)) {
      return NOT_FIXED;
    }
    boolean proven =
        !steps.isEmpty() && steps.stream().allMatch(step -> step.outcome() == Outcome.PASSED);
    return proven ? FIXED : NOT_PROVEN;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
