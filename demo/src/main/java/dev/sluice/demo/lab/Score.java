package dev.sluice.demo.lab;

import dev.sluice.demo.lab.Course.Judged;
import dev.sluice.probes.verdict.Cause;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What a number of rounds says of the verdicts. Pure. */
final class Score {
  private static final int BINS = 10;
  private static final double SURE = .8;

  private final List<Outcome> outcomes;

  Score(List<Outcome> outcomes) {
    this.outcomes = List.copyOf(outcomes);
  }

  /** How often one fault was told rightly. */
  record Tally(String fault, int rounds, int causes, int details) {
    Tally plus(Outcome outcome) {
      return new Tally(
          fault,
          rounds + 1,
          causes + (outcome.causesRight() ? 1 : 0),
          details + (outcome.detailsRight() ? 1 : 0));
    }

    double causeShare() {
      return (double) causes / rounds;
    }

    double detailShare() {
      return (double) details / rounds;
    }
  }

  int rounds() {
    return outcomes.size();
  }

  /** By fault, in the order of their first rounds. */
  List<Tally> tallies() {
    Map<String, Tally> tallies = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      tallies.merge(
          outcome.fault().id(),
          new Tally(outcome.fault().id(), 0, 0, 0).plus(outcome),
          (before, one) -> before.plus(outcome));
    }
    return List.copyOf(tallies.values());
  }

  /** Rows: the true cause; columns: what was said in the end. */
  Map<Cause, Map<Cause, Integer>> confusion() {
    Map<Cause, Map<Cause, Integer>> matrix = new EnumMap<>(Cause.class);
    for (Cause truth : Cause.values()) {
      matrix.put(truth, new EnumMap<>(Cause.class));
    }
    judged()
        .forEach(
            j ->
                matrix.computeIfPresent(
                    j.truth().cause(),
                    (truth, row) -> {
                      row.merge(j.last().cause(), 1, Integer::sum);
                      return row;
                    }));
    return matrix;
  }

  private Stream<Judged> judged() {
    return outcomes.stream().flatMap(o -> o.judged().stream());
  }

  double causeShare() {
    return share(Outcome::causesRight);
  }

  double detailShare() {
    return share(Outcome::detailsRight);
  }

  private double share(Predicate<Outcome> right) {
    return outcomes.isEmpty()
        ? Double.NaN
        : (double) outcomes.stream().filter(right).count() / outcomes.size();
  }

  /** Rounds in which the wrong side was blamed with .8 or more, were it for a moment. */
  int wronged() {
    return (int)
        outcomes.stream()
            .filter(o -> o.judged().stream().anyMatch(j -> j.wronged() >= SURE))
            .count();
  }

  /**
   * The expected calibration error of verdicts that blame somebody: the mean distance between how
   * sure they are and how often they are right, over ten bins.
   */
  double calibrationError() {
    List<Judged> blaming = judged().filter(Judged::blames).toList();
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      int number = bin;
      List<Judged> in = blaming.stream().filter(j -> bin(j) == number).toList();
      double sure = in.stream().mapToDouble(j -> j.last().confidence()).sum();
      double right = in.stream().filter(Judged::causeRight).count();
      error += Math.abs(sure - right);
    }
    return blaming.isEmpty() ? Double.NaN : error / blaming.size();
  }

  private static int bin(Judged judged) {
    return (int) Math.min(BINS - 1, judged.last().confidence() * BINS);
  }

  private static boolean met(Outcome outcome, Judged judged) {
    return outcome.loaded() && judged.truth().met() && !outcome.fault().is(Fault.Trait.UNMET);
  }

  /**
   * Seconds to the verdict of those that rightly blame somebody.
   *
   * @param loaded requests met the fault
   */
  double verdictAfter(boolean loaded, double quantile) {
    return quantile(
        outcomes.stream()
            .flatMap(o -> o.judged().stream().filter(j -> met(o, j) == loaded))
            .filter(j -> j.blames() && j.causeRight())
            .map(Judged::after),
        quantile);
  }

  /** A quantile of a figure of the rounds that have it. */
  double quantile(Predicate<Outcome> of, ToDoubleFunction<Outcome> figure, double quantile) {
    return quantile(outcomes.stream().filter(of).map(figure::applyAsDouble), quantile);
  }

  private static double quantile(Stream<Double> figures, double quantile) {
    double[] sorted = figures.mapToDouble(d -> d).filter(d -> !Double.isNaN(d)).toArray();
    Arrays.sort(sorted);
    return Waiting.quantile(sorted, quantile);
  }

  List<Outcome> outcomes() {
    return outcomes;
  }
}
