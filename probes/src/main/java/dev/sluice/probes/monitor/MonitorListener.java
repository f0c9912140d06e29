package dev.sluice.probes.monitor;

import dev.sluice.probes.breaker.Lesson;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Verdict;

/** Told what the monitor does; called on its own thread and must not block. */
public interface MonitorListener {
  /** A climb ended and was judged. */
  default void climbed(Climb climb, Verdict verdict) {}

  /** A backend answered its health probe, or did not. */
  default void heard(String backendId, BackendHealth answer) {}

  /** A climb of a control ended. */
  default void control(Climb climb) {}

  /** A mode, a breaker or what a verdict names changed; mere measurements are published alone. */
  default void changed(Posture before, Posture after) {}

  /** The breaker of a dependency or backend moved; may come from an event loop. */
  default void breaker(Move move) {}

  /** A breaker learnt from an outage that is over. */
  default void learnt(Lesson lesson) {}
}
