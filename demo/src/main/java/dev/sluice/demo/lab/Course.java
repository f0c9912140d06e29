package dev.sluice.demo.lab;

import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/** What was said of one subject while something was broken, from change to change. */
final class Course {
  private static final double SURE = .8;
  private static final double STEADY = 2;
  private static final double PATIENT = 8;

  private final Truth truth;
  private final List<Glance> glances = new ArrayList<>();
  private double wronged;

  Course(Truth truth) {
    this.truth = truth;
  }

  void add(double seconds, Verdict verdict) {
    wronged = Math.max(wronged, truth.wronged(verdict));
    if (glances.isEmpty() || !last().says(verdict)) {
      glances.add(Glance.of(seconds, verdict));
    }
  }

  private Glance last() {
    return glances.get(glances.size() - 1);
  }

  /**
   * True when the right cause and detail have been said long enough that more is not to be waited
   * for; a verdict that is not sure may yet become so.
   */
  boolean settled(double now) {
    Glance last = last();
    boolean sure = last.confidence() >= SURE || last.cause() == Cause.NONE;
    return truth.names(last.cause())
        && truth.names(last.detail())
        && now - last.seconds() >= (sure ? STEADY : PATIENT);
  }

  Judged judged() {
    return new Judged(truth, last(), verdictAfter(), wronged, List.copyOf(glances));
  }

  /**
   * Since when the cause has been right without a break and as sure as it became in the end, or
   * sure enough; NaN where it was wrong in the end.
   */
  private double verdictAfter() {
    double found = Double.NaN;
    double enough = Math.min(SURE, last().confidence());
    for (int i = glances.size() - 1; i >= 0; i--) {
      Glance glance = glances.get(i);
      if (!truth.names(glance.cause()) || glance.confidence() < enough) {
        break;
      }
      found = glance.seconds();
    }
    return found;
  }

  /**
   * What was said of one subject in one round.
   *
   * @param last in the end
   * @param after seconds until the verdict stood; NaN where it never did
   * @param wronged how surely the wrong side was blamed at any moment
   */
  record Judged(Truth truth, Glance last, double after, double wronged, List<Glance> course) {
    boolean causeRight() {
      return truth.names(last.cause());
    }

    boolean detailRight() {
      return causeRight() && truth.names(last.detail());
    }

    /** True when somebody is blamed, so that its confidence is a promise. */
    boolean blames() {
      return last.cause() == Cause.INFRASTRUCTURE || last.cause() == Cause.APPLICATION;
    }
  }
}
