package dev.sluice.probes.monitor;

import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Verdict;

/** What a diagnosis tells, in the order in which it becomes known. */
public sealed interface News {
  /** The id of a dependency, control or backend. */
  String subject();

  /**
   * One rung.
   *
   * @param climb counted from 1
   */
  record Seen(String subject, int climb, Sample sample) implements News {}

  /** The end of one climb, all of whose rungs were told. */
  record Climbed(String subject, Climb climb) implements News {}

  /**
   * A backend's answer.
   *
   * @param probe counted from 1
   */
  record Answered(String subject, int probe, BackendHealth answer) implements News {}

  /**
   * The verdict on a dependency or backend.
   *
   * @param complete false when the limit came before all climbs or answers
   */
  record Judged(Verdict verdict, boolean complete) implements News {
    @Override
    public String subject() {
      return verdict.subject();
    }
  }
}
