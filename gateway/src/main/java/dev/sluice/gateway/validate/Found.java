package dev.sluice.gateway.validate;

import dev.sluice.probes.validation.Outcome;

/** What came of a look. */
record Found(Outcome outcome, String sentence) {
  static Found passed(String sentence) {
    return new Found(Outcome.PASSED, sentence);
  }

  static Found failed(String sentence) {
    return new Found(Outcome.FAILED, sentence);
  }

  static Found unproven(String sentence) {
    return new Found(Outcome.UNPROVEN, sentence);
  }
}
