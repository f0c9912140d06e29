package dev.sluice.gateway.proxy.upstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint has done lately: what fails in a row is ejected for a while, longer each time,
 * and comes back by one good trial. Pure; all stamps are readings of one monotonic clock in
 * nanoseconds.
 *
 * @param row failures since the last success
 * @param times ejections since it was last well for long
 * @param until when the next trial may go; when the last ejection ended, where it is not ejected
 */
record Standing(int row, int times, long until, boolean ejected) {
  static final Standing WELL = new Standing(0, 0, 0, false);

  /** Failures in a row that eject. */
  static final int ROW = 5;

  private static final long BASE = Duration.ofSeconds(10).toNanos();
  private static final long CAP = Duration.ofMinutes(5).toNanos();

  /** A trial of which nothing is heard for so long counts for nothing, and the next may go. */
  private static final long TRIAL = Duration.ofSeconds(10).toNanos();

  /** After so long without an ejection the earlier ones are forgotten. */
  private static final long FORGOTTEN = CAP;

  /**
   * After one more failure. While it is ejected only the trial's counts: others began before.
   *
   * @param jitter from 0 to 1: shortens an ejection by up to a fifth
   */
  Standing failed(boolean trial, long now, double jitter) {
    if (ejected) {
      return trial ? eject(times, now, jitter) : this;
    }
    if (row + 1 < ROW) {
      return new Standing(row + 1, times, until, false);
    }
    boolean old = times > 0 && now - until > FORGOTTEN;
    return eject(old ? 0 : times, now, jitter);
  }

  private Standing eject(int before, long now, double jitter) {
    int count = before + 1;
    long whole = count > CAP / BASE ? CAP : BASE * count;
    return new Standing(ROW, count, now + (long) (whole * (1 - jitter / 5)), true);
  }

  /** After an answer that is no failure. */
  Standing succeeded(boolean trial, long now) {
    if (ejected) {
      return trial ? new Standing(0, times, now, false) : this;
    }
    return row == 0 ? this : new Standing(0, times, until, false);
  }

  /** As if this ejection had not been; the next failure may be one. */
  Standing spared(long now) {
    return new Standing(ROW - 1, Math.max(0, times - 1), now, false);
  }

  /** Null, or as it stands once this request has gone as its trial. */
  @Nullable Standing tried(long now) {
    return ejected && now - until >= 0 ? new Standing(row, times, now + TRIAL, true) : null;
  }
}
