package dev.sluice.probes.monitor;

import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import java.util.List;
import java.util.Set;

/**
 * A new process pays with its first climbs for what it has not loaded and compiled yet. A deadline
 * above TCP that a first climb missed, and that a later one went past, was missed by this process:
 * it says nothing about the target.
 */
final class FirstClimbs {
  /** How many may be passed over, so that a target that fails now and then stays seen. */
  static final int MOST = 2;

  /** How a missed deadline is told. */
  private static final Set<String> LATE =
      Set.of(Signal.TIMEOUT, Signal.SILENT, Signal.SLOW, Signal.FROZEN);

  private FirstClimbs() {}

  /** Those that count, in their order. */
  static List<Climb> counted(List<Climb> climbs) {
    int first = 0;
    while (first < MOST
        && first + 1 < climbs.size()
        && cold(climbs.get(first), climbs.subList(first + 1, climbs.size()))) {
      first++;
    }
    return climbs.subList(first, climbs.size());
  }

  /** Missed a deadline above TCP that some later climb went past. */
  private static boolean cold(Climb climb, List<Climb> later) {
    Sample failed = climb.failed();
    return failed != null
        && LATE.contains(String.valueOf(failed.signal()))
        && failed.rung().compareTo(Rung.TCP) > 0
        && later.stream().anyMatch(next -> wentPast(next, failed.rung()));
  }

  private static boolean wentPast(Climb climb, Rung rung) {
    Sample failed = climb.failed();
    return failed == null || failed.rung().compareTo(rung) > 0;
  }
}
