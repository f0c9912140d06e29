package dev.sluice.probes.monitor;

import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import java.util.ArrayList;
import java.util.List;

/** Tells news from repetition. Pure. */
final class Changes {
  private Changes() {}

  /** True when only the time differs. */
  static boolean same(Posture one, Posture other) {
    return one.mode() == other.mode()
        && one.warmUp() == other.warmUp()
        && one.headline().equals(other.headline())
        && one.dependencies().equals(other.dependencies())
        && one.backends().equals(other.backends());
  }

  /**
   * True when a mode, a breaker, a cause, a detail or what is watched changed, not merely a
   * measurement.
   */
  static boolean matter(Posture one, Posture other) {
    return !essence(one).equals(essence(other));
  }

  private static List<Object> essence(Posture posture) {
    List<Object> essence = new ArrayList<>();
    essence.add(List.copyOf(posture.dependencies().keySet()));
    essence.add(List.copyOf(posture.backends().keySet()));
    essence.add(posture.mode());
    essence.add(posture.warmUp());
    for (DependencyStatus d : posture.dependencies().values()) {
      essence.add(
          List.of(
              d.verdict().cause(), d.verdict().detail(), d.breaker(), d.readOnly(), d.proven()));
    }
    for (BackendStatus b : posture.backends().values()) {
      essence.add(List.of(b.verdict().cause(), b.verdict().detail(), b.breaker(), b.mode()));
    }
    return essence;
  }
}
