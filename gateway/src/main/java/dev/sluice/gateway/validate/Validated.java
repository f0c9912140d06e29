package dev.sluice.gateway.validate;

import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Ruling;
import dev.sluice.probes.validation.Step;
import dev.sluice.probes.validation.Suite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A validation that has ended. */
public record Validated(
    String environment, Suite suite, Instant begun, Duration took, List<Step> steps) {
  public Validated {
    steps = List.copyOf(steps);
  }

  /** What all steps together say. */
  public Ruling ruling() {
    return Ruling.of(steps);
  }

  /** The steps that did not hold, failures first. */
  public List<Step> wanting() {
    return steps.stream()
        .filter(step -> step.outcome() != Outcome.PASSED)
        .sorted((one, other) -> one.outcome().compareTo(other.outcome()))
        .toList();
  }

  /** Such as {@code not fixed: connects of db: 20 of 100 failed}. */
  public String sentence() {
    return sentence("fixed");
  }

  /** The same with another word for what is fixed. */
  String sentence(String fixed) {
    List<Step> wanting = wanting();
    String words = ruling().words().replace("fixed", fixed);
    if (wanting.isEmpty()) {
      return ruling() == Ruling.FIXED
          ? "%s: all %d steps hold".formatted(words, steps.size())
          : words + ": nothing was looked at";
    }
    Step first = wanting.get(0);
    return "%s: %s of %s: %s".formatted(words, first.name(), first.subject(), first.sentence());
  }

  String suiteName() {
    return suite.name().toLowerCase(Locale.ROOT);
  }
}
