package dev.sluice.probes.validation;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Judges connections that were made anew. Pure. */
final class Connects {
  static final String NAME = "connects";

  private static final int FEWEST = 3;

  private Connects() {}

  /**
   * Whether so many failures prove by now that too many fail. Fewer than three prove nothing: who
   * looks after each try is soon deceived by chance.
   */
  static boolean tooMany(Rate rate, Limits limits) {
    return rate.failed() >= FEWEST && rate.least() > limits.failing();
  }

  /** Whether more tries would tell what these leave open. */
  static boolean open(Rate rate, Limits limits) {
    return rate.failed() > 0 && !tooMany(rate, limits);
  }

  /**
   * One dependency's.
   *
   * @param wanted how many there would have been, had there been time
   * @param reasons why they failed, and how often
   */
  static Step judged(
      String subject,
      Rate rate,
      int wanted,
      List<Double> millis,
      Map<String, Integer> reasons,
      Limits limits,
      Duration took) {
    Step timed = new Step(NAME, subject, Outcome.PASSED, "", millis, took);
    double p95 = Quantiles.of(timed.millis(), .95);
    String said = rate.sentence() + why(reasons);
    String times = millis.isEmpty() ? "" : "; " + Quantiles.sentence(timed.millis());
    if (tooMany(rate, limits)) {
      return with(timed, Outcome.FAILED, said + times);
    }
    if (p95 > limits.p95().toMillis()) {
      String slow = String.format(Locale.ROOT, "; more than %d ms", limits.p95().toMillis());
      return with(timed, Outcome.FAILED, said + times + slow);
    }
    if (rate.tries() < wanted) {
      return with(timed, Outcome.UNPROVEN, said + times + "; there was no time for " + wanted);
    }
    boolean fine = rate.failed() == 0 || rate.most() < 5 * limits.failing();
    return with(timed, fine ? Outcome.PASSED : Outcome.UNPROVEN, said + times);
  }

  private static Step with(Step step, Outcome outcome, String sentence) {
    return new Step(step.name(), step.subject(), outcome, sentence, step.millis(), step.took());
  }

  private static String why(Map<String, Integer> reasons) {
    return reasons.isEmpty()
        ? ""
        : reasons.entrySet().stream()
            .map(reason -> reason.getValue() + " x " + reason.getKey())
            .collect(Collectors.joining(", ", " [", "]"));
  }
}
