package dev.sluice.demo.lab;

import java.util.List;

/**
 * One round of one fault.
 *
 * @param trouble why the round could not be held; empty where it was
 * @param opened seconds until a breaker opened; NaN where none did
 * @param back how things went after the repair
 * @param waits how long clients waited
 */
record Outcome(
    Fault fault,
    int round,
    boolean loaded,
    List<Course.Judged> judged,
    double opened,
    Back back,
    Waits waits,
    String trouble) {
  /**
   * Seconds after the repair; NaN where it did not come or was not needed.
   *
   * @param noticed a climb held again
   * @param tried a breaker let trials through
   * @param whole every breaker was closed and every verdict well
   */
  record Back(double noticed, double tried, double whole) {
    static final Back NONE = new Back(Double.NaN, Double.NaN, Double.NaN);
  }

  /**
   * Milliseconds; NaN without a load.
   *
   * @param longestBefore the longest wait of a request sent before the breaker opened
   * @param p99After of those sent after it had
   * @param failed answers of 500 and above, or none, over the whole round
   */
  record Waits(double longestBefore, double p99After, int failed, int answers) {
    static final Waits NONE = new Waits(Double.NaN, Double.NaN, 0, 0);
  }

  static Outcome troubled(Fault fault, int round, boolean loaded, String why) {
    return new Outcome(fault, round, loaded, List.of(), Double.NaN, Back.NONE, Waits.NONE, why);
  }

  boolean held() {
    return trouble.isEmpty();
  }

  boolean causesRight() {
    return held()
        && judged.stream().allMatch(Course.Judged::causeRight)
        && !(fault.is(Fault.Trait.HARMLESS) && !Double.isNaN(opened));
  }

  boolean detailsRight() {
    return causesRight() && judged.stream().allMatch(Course.Judged::detailRight);
  }

  /** In one line. */
  @Override
  public String toString() {
    String word =
        !held() ? "TROUBLE" : detailsRight() ? "right" : causesRight() ? "detail" : "WRONG";
    StringBuilder line =
        new StringBuilder(
            "%-7s %-28s round %d %s".formatted(word, fault.id(), round, loaded ? "load" : "idle"));
    for (Course.Judged j : judged) {
      line.append("  ").append(j.truth().subject()).append(" ").append(j.last());
      if (!j.detailRight()) {
        line.append(", truth ").append(j.truth().cause()).append("/").append(j.truth().details());
        line.append(", course ").append(j.course());
        line.append(", saying: ").append(j.last().sentence());
      }
    }
    if (!Double.isNaN(opened)) {
      line.append("  open %.1fs".formatted(opened));
    }
    if (!Double.isNaN(back.whole())) {
      line.append("  back %.1f/%.1f/%.1fs".formatted(back.noticed(), back.tried(), back.whole()));
    }
    return line + (held() ? "" : "  " + trouble);
  }
}
