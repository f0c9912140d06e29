package dev.sluice.demo.lab;

import dev.sluice.demo.lab.Outcome.Waits;
import java.util.List;

/** How long clients waited while something was broken. Pure. */
final class Waiting {
  private Waiting() {}

  /**
   * @param begun when the fault began, by the clock of the answers
   * @param opened seconds after which a breaker was open; NaN for never
   */
  static Waits of(List<Load.Answer> answers, long begun, double opened) {
    long open = Double.isNaN(opened) ? Long.MAX_VALUE : begun + (long) (opened * 1e9);
    double[] before =
        answers.stream()
            .filter(a -> a.sent() >= begun && a.sent() < open)
            .mapToDouble(Load.Answer::millis)
            .sorted()
            .toArray();
    double[] after =
        answers.stream()
            .filter(a -> a.sent() >= open)
            .mapToDouble(Load.Answer::millis)
            .sorted()
            .toArray();
    int failed =
        (int)
            answers.stream()
                .filter(a -> a.sent() >= begun && (a.status() == 0 || a.status() >= 500))
                .count();
    return new Waits(quantile(before, 1), quantile(after, .99), failed, answers.size());
  }

  /** Of sorted values; NaN where there are none. */
  static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  }
}
