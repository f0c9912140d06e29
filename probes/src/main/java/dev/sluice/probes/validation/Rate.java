package dev.sluice.probes.validation;

import java.util.Locale;

/**
 * How often something fails, as far as so many tries tell: exact bounds of a binomial share, each
 * of which is wrong one time in twenty (Clopper and Pearson, Biometrika 26, 1934). Pure.
 */
public record Rate(int failed, int tries) {
  private static final double WRONG = .05;
  private static final int HALVINGS = 50;

  public Rate {
    if (failed < 0 || tries < failed) {
      throw new IllegalArgumentException(failed + " of " + tries);
    }
  }

  /** The share that failed, from 0 to 1; 0 without a try. */
  public double share() {
    return tries == 0 ? 0 : (double) failed / tries;
  }

  /** Were it more often than this, so few failures would be rare. */
  public double most() {
    return failed == tries ? 1 : where(share -> atMost(failed, share) > WRONG);
  }

  /** Were it less often than this, so many failures would be rare. */
  public double least() {
    return failed == 0 ? 0 : where(share -> 1 - atMost(failed - 1, share) < WRONG);
  }

  /** The chance of so many or more out of so many tries, where each has this chance. */
  static double atLeast(int hits, int tries, double chance) {
    return hits <= 0 ? 1 : Math.max(0, 1 - new Rate(hits, tries).atMost(hits - 1, chance));
  }

  private interface Test {
    boolean holds(double share);
  }

  /** The share up to which it holds. */
  private static double where(Test test) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (test.holds(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The chance of so many failures or fewer, where each try fails with this chance. */
  private double atMost(int failures, double chance) {
    if (chance <= 0 || chance >= 1) {
      return chance <= 0 || failures >= tries ? 1 : 0;
    }
    double term = tries * Math.log1p(-chance);
    double odds = Math.log(chance) - Math.log1p(-chance);
    double sum = 0;
    for (int k = 0; k <= failures; k++) {
      sum += Math.exp(term);
      term += odds + Math.log(tries - k) - Math.log(k + 1.0);
    }
    return Math.min(1, sum);
  }

  /** Such as {@code 0 of 100 failed: under 3.0 %}. */
  public String sentence() {
    String counted = String.format(Locale.ROOT, "%d of %d failed", failed, tries);
    if (failed == 0) {
      return counted + String.format(Locale.ROOT, ": under %.1f %%", 100 * most());
    }
    return counted
        + String.format(
            Locale.ROOT, ": %.1f %% (%.1f to %.1f)", 100 * share(), 100 * least(), 100 * most());
  }
}
