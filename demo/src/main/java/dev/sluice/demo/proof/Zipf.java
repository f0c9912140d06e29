package dev.sluice.demo.proof;

import java.util.SplittableRandom;

/** Ranks as people ask for things: the n-th is asked for about an n-th as often as the first. */
final class Zipf {
  private final double[] upTo;

  /**
   * @param ranks at least 1
   */
  Zipf(int ranks) {
    upTo = new double[ranks];
    double sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      sum += 1.0 / (rank + 1);
      upTo[rank] = sum;
    }
  }

  /** A rank from 0. */
  int next(SplittableRandom random) {
    double drawn = random.nextDouble() * upTo[upTo.length - 1];
    int low = 0;
    int high = upTo.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (upTo[middle] < drawn) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
