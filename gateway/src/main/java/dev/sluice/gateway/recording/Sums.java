package dev.sluice.gateway.recording;

/**
 * What became of requests.
 *
 * @param held sent, and answered below 500
 * @param failed sent, and failed
 * @param kept not sent: their clients had a stored copy, a 202 or a 503
 */
public record Sums(long held, long failed, long kept) {
  /** Adds up; not for several threads. */
  static final class Counter {
    private double held;
    private double failed;
    private double kept;

    void count(Ending ending, double times) {
      if (ending == Ending.OK) {
        held += times;
      } else if (ending == Ending.KEPT) {
        kept += times;
      } else if (ending.failed()) {
        failed += times;
      }
    }

    Sums sums() {
      return new Sums(Math.round(held), Math.round(failed), Math.round(kept));
    }
  }
}
