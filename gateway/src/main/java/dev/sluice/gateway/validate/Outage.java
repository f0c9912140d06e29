package dev.sluice.gateway.validate;

import dev.sluice.probes.validation.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a dependency goes down for a drill, and comes back. Blocks. */
public interface Outage {
  /**
   * What is to be told.
   *
   * @param on whether the drill goes on from here
   */
  record Begun(boolean on, List<Step> steps) {
    public Begun {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Takes it down.
   *
   * @param refusals so many of the drill's own visits are expected to be refused
   */
  Begun begin(long refusals);

  /** Why the drill must not go on; null where it may. */
  @Nullable String trouble();

  /** How it has gone up to now, in a clause. */
  String told();

  /** Brings it back, whatever has happened; where it never went down nothing is done. */
  List<Step> end();

  /** Brings it back and looks no further: whoever drills is told to stop at once. */
  void abandon();
}
