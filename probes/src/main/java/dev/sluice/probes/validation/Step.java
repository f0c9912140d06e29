package dev.sluice.probes.validation;

import java.time.Duration;
import java.util.List;

/**
 * One step of a validation.
 *
 * @param name what was looked at, such as {@code connects}
 * @param subject the id of whom it is about
 * @param sentence what was found
 * @param millis how long each try took that held, in ascending order; empty where nothing was timed
 */
public record Step(
    String name,
    String subject,
    Outcome outcome,
    String sentence,
    List<Double> millis,
    Duration took) {
  public Step {
    millis = millis.stream().sorted().toList();
  }

  /** A step that timed nothing. */
  public static Step of(
      String name, String subject, Outcome outcome, String sentence, Duration took) {
    return new Step(name, subject, outcome, sentence, List.of(), took);
  }
}
