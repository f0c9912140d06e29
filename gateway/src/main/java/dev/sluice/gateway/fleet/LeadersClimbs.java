package dev.sluice.gateway.fleet;

import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last climbs of the gateway that leads, and when this one heard of each. One that says the
 * same moment as before is the same one, and grows old. Safe from any thread; reads no clock.
 */
public final class LeadersClimbs {
  private static final Duration ON_THE_WAY = Duration.ofSeconds(3);

  private final Map<String, Heard> heard = new HashMap<>();
  private String leader = "";

  private record Heard(Climb climb, long at) {}

  /** What all said at a moment, in nanoseconds. */
  public synchronized void heard(List<Member> others, long now) {
    Member leads = others.stream().filter(Member::leads).findFirst().orElse(null);
    if (leads == null || !leads.id().equals(leader)) {
      heard.clear();
      leader = leads == null ? "" : leads.id();
    }
    if (leads != null) {
      for (Climb climb : leads.climbs()) {
        Heard before = heard.get(climb.targetId());
        if (before == null || !before.climb().at().equals(climb.at())) {
          heard.put(climb.targetId(), new Heard(climb, now));
        }
      }
    }
  }

  /**
   * The last climb to a target; null where none was heard of within two intervals.
   *
   * @param vantage from where this gateway climbs, which is where the leader does
   */
  public synchronized @Nullable Climb latest(
      String targetId, Duration interval, Vantage vantage, long now) {
    Heard known = heard.get(targetId);
    long most = interval.multipliedBy(2).plus(ON_THE_WAY).toNanos();
    return known == null || now - known.at() > most ? null : seenFrom(known.climb(), vantage);
  }

  private static Climb seenFrom(Climb climb, Vantage vantage) {
    List<Sample> samples = climb.samples().stream().map(each -> each.from(vantage)).toList();
    return new Climb(climb.targetId(), climb.at(), vantage, samples, climb.sessions());
  }
}
