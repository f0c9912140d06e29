package dev.sluice.gateway.filter;

import java.util.concurrent.atomic.LongAdder;

/**
 * What event loops see of one backend's load, gathered in cells of their own and taken by the one
 * thread that ticks.
 */
final class Samples {
  private final LongAdder answers = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder inFlight = new LongAdder();
  private final LongAdder drops = new LongAdder();
  private Window before = new Window(0, 0, 0, 0);

  /**
   * What came since the last look.
   *
   * @param nanos of all answers together
   * @param inFlight of all answers together, each as it was when it began
   */
  record Window(long answers, long nanos, long inFlight, long drops) {
    long meanNanos() {
      return Math.max(1, nanos / answers);
    }

    int meanInFlight() {
      return (int) (inFlight / answers);
    }
  }

  void answered(long took, int among) {
    answers.increment();
    nanos.add(took);
    inFlight.add(among);
  }

  void dropped() {
    drops.increment();
  }

  /** Takes what came since the last call; one thread alone calls it. */
  Window take() {
    Window now = new Window(answers.sum(), nanos.sum(), inFlight.sum(), drops.sum());
    Window last = before;
    before = now;
    return new Window(
        now.answers - last.answers,
        now.nanos - last.nanos,
        now.inFlight - last.inFlight,
        now.drops - last.drops);
  }
}
