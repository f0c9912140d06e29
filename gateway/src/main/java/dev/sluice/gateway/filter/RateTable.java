package dev.sluice.gateway.filter;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The token buckets of all clients on all routes, in memory of a fixed size: 100,000 buckets of 16
 * bytes, in sets of eight. No locks; a request looks at eight places and changes one.
 *
 * <p>A client that finds no bucket takes the place of the one in its set that is full the soonest:
 * of a full bucket nothing is lost. So a bucket is thrown out only while the seven others of its
 * set owe as much as it does. Nobody outside knows which clients share a set ({@link ClientKey}),
 * so whoever wants a bucket that owes {@code n} requests to be forgotten has to send about {@code
 * n} from each of 7 x 12,500 other addresses, and gains {@code n}.
 *
 * <p>Two first requests of one client that come at the same instant on two event loops may count as
 * one; from then on every request counts.
 */
final class RateTable {
  static final int WAYS = 8;
  static final int SETS = 12_500;

  private final AtomicLongArray keys = new AtomicLongArray(SETS * WAYS);
  private final AtomicLongArray fullAt = new AtomicLongArray(SETS * WAYS);

  /**
   * Takes a token.
   *
   * @param now nanoseconds since the table's beginning, above zero
   * @return nanoseconds until a token is there; zero where one was taken
   */
  long take(long key, Allowance allowance, long now) {
    int first = (int) Long.remainderUnsigned(key, SETS) * WAYS;
    while (true) {
      int place = find(first, key);
      boolean known = place >= 0;
      int chosen = known ? place : soonestFull(first);
      long before = fullAt.get(chosen);
      long next = allowance.next(known ? before : now, now);
      if (!allowance.allows(next, now)) {
        return allowance.wait(next, now);
      }
      if (fullAt.compareAndSet(chosen, before, next)) {
        if (!known) {
          keys.set(chosen, key);
        }
        return 0;
      }
    }
  }

  private int find(int first, long key) {
    for (int i = first; i < first + WAYS; i++) {
      if (keys.get(i) == key) {
        return i;
      }
    }
    return -1;
  }

  private int soonestFull(int first) {
    int soonest = first;
    for (int i = first + 1; i < first + WAYS; i++) {
      if (fullAt.get(i) < fullAt.get(soonest)) {
        soonest = i;
      }
    }
    return soonest;
  }
}
