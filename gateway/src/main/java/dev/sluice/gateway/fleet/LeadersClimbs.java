package dev.sluice.gateway.fleet;

import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
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

  /** Until another gateway leads where one is gone, and has climbed. */
  private static final Duration LONGEST_CHANGE = Duration.ofSeconds(11);

  private final Map<String, Heard> heard = new HashMap<>();
  private String leader = "";

  private record Heard(Climb climb, long at, Instant instant) {}

  /**
   * What all said at a moment. While none of them leads, what the last leader said grows old.
   *
   * @param now in nanoseconds
   * @param instant the same moment by this gateway's clock
   */
  public synchronized void heard(List<Member> others, long now, Instant instant) {
    Member leads = others.stream().filter(Member::leads).findFirst().orElse(null);
    if (leads == null) {
      return;
    }
    if (!leads.id().equals(leader)) {
      leader = leads.id();
      heard.keySet().retainAll(leads.climbs().stream().map(Climb::targetId).toList());
    }
    for (Climb climb : leads.climbs()) {
      Heard before = heard.get(climb.targetId());
      if (before == null || !before.climb().at().equals(climb.at())) {
        heard.put(climb.targetId(), new Heard(climb, now, instant));
      }
    }
  }

  /**
   * The last climb to a target, as of the moment when it was heard of; null where none was heard of
   * for two intervals, nor for as long as it takes another gateway to lead.
   *
   * @param vantage from where this gateway climbs, which is where the leader does
   */
  public synchronized @Nullable Climb latest(
      String targetId, Duration interval, Vantage vantage, long now) {
    Heard known = heard.get(targetId);
    Duration two = interval.multipliedBy(2).plus(ON_THE_WAY);
    Duration most = two.compareTo(LONGEST_CHANGE) > 0 ? two : LONGEST_CHANGE;
    return known == null || now - known.at() > most.toNanos() ? null : seenFrom(known, vantage);
  }

  /** Whether the last climb came within an interval, as it does while the leader is well. */
  public synchronized boolean fresh(String targetId, Duration interval, long now) {
    Heard known = heard.get(targetId);
    return known != null && now - known.at() <= interval.plus(ON_THE_WAY).toNanos();
  }

  private static Climb seenFrom(Heard heard, Vantage vantage) {
    Climb climb = heard.climb();
    List<Sample> samples = climb.samples().stream().map(each -> each.from(vantage)).toList();
    return new Climb(climb.targetId(), heard.instant(), vantage, samples, climb.sessions());
  }
}
