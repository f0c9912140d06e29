package dev.sluice.probes.history;

/**
 * Tells from the medians of minute after minute whether a duration has left what is usual for it: a
 * control chart on logarithms, whose mean and spread follow slowly while all is usual and stand
 * still while it is not (Roberts 1959, control charts by geometric moving averages). Three minutes
 * in a row make a drift, five end it. Belongs to one thread.
 */
final class Drift {
  /** Minutes before anything is called unusual. */
  private static final int LEARNED = 15;

  /** Share of a minute in what is usual: two hours are remembered. */
  private static final double FOLLOWS = 1 / 120.0;

  private static final double FACTOR = Math.log(2);
  private static final double SPREADS = 5;
  private static final double LEAST_SPREAD = .05;
  private static final double LEAST_MILLIS = 20;
  private static final int BEGINS = 3;
  private static final int ENDS = 5;

  /** After so many minutes what was unusual is the new usual. */
  private static final int ACCEPTED = 240;

  private double usual;
  private double spread = .2;
  private int minutes;
  private int high;
  private int low;
  private boolean drifting;

  /**
   * A minute is over.
   *
   * @param median milliseconds
   */
  void minute(double median) {
    double now = Math.log(Math.max(1, median));
    if (minutes == 0) {
      usual = now;
    }
    minutes++;
    boolean unusual = minutes > LEARNED && unusual(now, median);
    if (unusual) {
      high++;
      low = 0;
    } else {
      low++;
      high = drifting ? high : 0;
      follow(now);
    }
    judge(now);
  }

  private boolean unusual(double now, double median) {
    double limit = Math.max(FACTOR, SPREADS * Math.max(LEAST_SPREAD, spread));
    return now > usual + limit && median > Math.exp(usual) + LEAST_MILLIS;
  }

  private void follow(double now) {
    double share = Math.max(FOLLOWS, 1.0 / minutes);
    spread += share * (1.25 * Math.abs(now - usual) - spread);
    usual += share * (now - usual);
  }

  private void judge(double now) {
    if (!drifting && high >= BEGINS) {
      drifting = true;
    } else if (drifting && (low >= ENDS || high >= ACCEPTED)) {
      drifting = false;
      usual = high >= ACCEPTED ? now : usual;
      high = 0;
    }
  }

  boolean drifting() {
    return drifting;
  }

  /** Minutes since the first that was unusual, as far as they were. */
  int since() {
    return drifting ? high : 0;
  }
}
