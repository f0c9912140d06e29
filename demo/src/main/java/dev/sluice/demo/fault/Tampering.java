package dev.sluice.demo.fault;

import java.util.concurrent.TimeUnit;

/**
 * What becomes of the bytes of one connection on their way. Used on its event loop alone.
 *
 * <p>A session has come about once the target has said more than a refused or an aborted login
 * brings forth: PostgreSQL's parameters alone are longer.
 */
final class Tampering {
  private static final int LOGIN_BYTES = 300;
  private static final long LATE_MILLIS = 3_000;
  private static final long RETRANSMISSION_MILLIS = 250;
  private static final int ONE_IN = 100;

  private Mode mode = Mode.PASS;
  private long answered;
  private int parts;
  private long heldUntil = System.nanoTime();

  void mode(Mode next) {
    mode = next;
  }

  /** True when what a client asks now ends its session. */
  boolean cuts() {
    return mode == Mode.CUT && inSession();
  }

  /** How long these bytes wait. Later ones never overtake: a wait ends no sooner than the last. */
  long delayMillis(boolean asked, int bytes) {
    boolean late = !asked && (mode == Mode.SLOW || (mode == Mode.LATE && inSession()));
    if (!asked) {
      answered += bytes;
    }
    parts++;
    boolean lost = mode == Mode.LOSSY && parts % ONE_IN == 0;
    long now = System.nanoTime();
    long own = late ? LATE_MILLIS : lost ? RETRANSMISSION_MILLIS : 0;
    long until = Math.max(now + TimeUnit.MILLISECONDS.toNanos(own), heldUntil);
    if (own == 0 && until == now) {
      return 0;
    }
    heldUntil = until;
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - now));
  }

  /** How long an end must wait so that it overtakes nothing. */
  long heldMillis() {
    long left = heldUntil - System.nanoTime();
    return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
  }

  private boolean inSession() {
    return answered > LOGIN_BYTES;
  }
}
