package dev.sluice.gateway.alerts;

/**
 * What clients were given in a while; requests.
 *
 * @param forwarded answered by a backend without a fault
 * @param failed answered with a fault, or not at all, for a backend's sake
 * @param copies answered from stored copies
 * @param held writes that were accepted with 202
 * @param released held writes that ended with success
 * @param refused answered 503 by the gateway
 */
public record Served(
    long forwarded, long failed, long copies, long held, long released, long refused) {
  public static final Served NOTHING = new Served(0, 0, 0, 0, 0, 0);

  /** What came after the earlier figures; nothing is negative, for they begin anew with a start. */
  public Served since(Served earlier) {
    return new Served(
        Math.max(0, forwarded - earlier.forwarded),
        Math.max(0, failed - earlier.failed),
        Math.max(0, copies - earlier.copies),
        Math.max(0, held - earlier.held),
        Math.max(0, released - earlier.released),
        Math.max(0, refused - earlier.refused));
  }

  public Served plus(Served more) {
    return new Served(
        forwarded + more.forwarded,
        failed + more.failed,
        copies + more.copies,
        held + more.held,
        released + more.released,
        refused + more.refused);
  }

  /** Requests that had an answer or a promise, of all: from 0 to 1; 1 where there was none. */
  public double availability() {
    long good = forwarded + copies + held;
    long all = good + failed + refused;
    return all == 0 ? 1 : (double) good / all;
  }

  public long all() {
    return forwarded + copies + held + failed + refused;
  }
}
