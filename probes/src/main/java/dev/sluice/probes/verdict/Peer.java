package dev.sluice.probes.verdict;

import org.jspecify.annotations.Nullable;

/**
 * Another target that was probed beside the subject.
 *
 * @param network null when its file names none
 */
public record Peer(String id, @Nullable String network, Climb climb) {
  /** True when its way is broken: nothing at all came back from its address. */
  boolean lost() {
    Sample failed = climb.failed();
    return failed != null && failed.rung() == Rung.TCP && !answered(failed);
  }

  /** True when its address answered, were it only to refuse. */
  boolean reached() {
    Sample failed = climb.failed();
    return failed == null
        || (failed.rung().compareTo(Rung.TCP) > 0)
        || (failed.rung() == Rung.TCP && answered(failed));
  }

  /** A refusal or a reset has come from somewhere. */
  private static boolean answered(Sample failed) {
    return Signal.REFUSED.equals(failed.signal()) || Signal.RESET.equals(failed.signal());
  }
}
