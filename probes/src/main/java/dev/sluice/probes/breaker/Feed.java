package dev.sluice.probes.breaker;

import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.probes.verdict.Verdict;

/** What one climb means to a breaker. */
enum Feed {
  GOOD,
  BAD,
  /** Bad, unless a live request that needs the dependency succeeded lately. */
  BAD_UNLESS_SERVED,
  NOTHING;

  /**
   * A read-only node and the application's own mistakes leave the dependency usable; refused
   * credentials, a lack of connections and everything seen from the gateway's own place yield to
   * live traffic that works.
   */
  static Feed of(Climb climb, Verdict verdict) {
    Sample failed = climb.failed();
    if (failed == null) {
      return GOOD;
    }
    boolean frozen = failed.rung() == Rung.SELF || Signal.FROZEN.equals(failed.signal());
    if (frozen || verdict.detail() == Detail.SELF_FROZEN) {
      return NOTHING;
    }
    if (usable(failed, verdict)) {
      return GOOD;
    }
    boolean yields = climb.vantage() == Vantage.GATEWAY || deniesEntry(failed);
    return yields ? BAD_UNLESS_SERVED : BAD;
  }

  /**
   * By the detail: from the gateway's own place nobody is blamed, and the session works as well.
   */
  private static boolean usable(Sample failed, Verdict verdict) {
    if (failed.rung() == Rung.RECOVERY && Signal.READ_ONLY.equals(failed.signal())) {
      return true;
    }
    String state = failed.serverState();
    boolean schema = state != null && state.startsWith("42");
    return schema
        || (failed.rung() == Rung.FULL_QUERY && verdict.detail().cause() == Cause.APPLICATION);
  }

  /** The probe's role, database and slots are not the backend's, whose sessions may go on. */
  private static boolean deniesEntry(Sample failed) {
    String state = failed.serverState();
    String signal = failed.signal();
    boolean login = Signal.LOGIN_REFUSED.equals(signal) || Signal.NO_SLOT.equals(signal);
    boolean refused =
        state != null && (state.startsWith("28") || state.equals("3D000") || state.equals("53300"));
    return login || refused;
  }
}
