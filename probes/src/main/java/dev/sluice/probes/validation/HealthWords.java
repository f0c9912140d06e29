package dev.sluice.probes.validation;

import java.util.Set;

/** How health bodies call it when all is well, in small letters. */
public final class HealthWords {
  /**
   * The draft's word, and those that it takes for the same (draft-inadarei-api-health-check 3.1).
   */
  public static final Set<String> PASSING = Set.of("pass", "ok", "up");

  private HealthWords() {}
}
