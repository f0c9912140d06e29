package dev.sluice.gateway.fleet;

import dev.sluice.gateway.alerts.Alarm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What several gateways see together: each fault once, with how many of them see it. What fewer
 * than half of them see is local to those. Pure.
 */
public final class JoinedView {
  private final List<Member> members;

  /**
   * @param members all of them, this gateway the first
   */
  public JoinedView(List<Member> members) {
    this.members = List.copyOf(members);
  }

  /** What is wrong, in the words of the first who sees it. */
  public List<Alarm> alarms() {
    Map<String, List<Alarm>> byKey = new LinkedHashMap<>();
    for (Member member : members) {
      for (Alarm alarm : member.alarms()) {
        byKey.computeIfAbsent(alarm.key(), key -> new ArrayList<>()).add(alarm);
      }
    }
    return byKey.values().stream().map(this::joined).toList();
  }

  private Alarm joined(List<Alarm> same) {
    Alarm first = same.stream().filter(each -> !each.fading()).findFirst().orElse(same.get(0));
    Set<String> subjects = new LinkedHashSet<>();
    Set<String> routes = new LinkedHashSet<>();
    same.forEach(each -> subjects.addAll(each.subjects()));
    same.forEach(each -> routes.addAll(each.routes()));
    Instant since = same.stream().map(Alarm::since).min(Instant::compareTo).orElse(first.since());
    return members.size() == 1
        ? first
        : first.seen(
            List.copyOf(subjects), List.copyOf(routes), since, sentence(first), evidence(first));
  }

  private String sentence(Alarm alarm) {
    long seen = count(alarm);
    String all = members.size() + " gateways";
    if (seen == 0) {
      return alarm.sentence(); // those who saw it did so when they looked last
    }
    if (seen == members.size()) {
      return alarm.sentence() + " Seen by all " + all + ".";
    }
    String few = " Seen by " + seen + " of " + all;
    String those = seen == 1 ? ": local to it." : ": local to those.";
    return alarm.sentence() + few + (local(seen) ? those : ".");
  }

  private List<String> evidence(Alarm alarm) {
    List<String> evidence = new ArrayList<>(alarm.evidence());
    if (local(count(alarm))) {
      List<String> names =
          members.stream().filter(each -> each.blames(alarm)).map(Member::name).limit(5).toList();
      evidence.add(0, "Most gateways do not see it; these do: " + String.join(", ", names) + ".");
    }
    return evidence;
  }

  private long count(Alarm alarm) {
    return members.stream().filter(each -> each.blames(alarm)).count();
  }

  private boolean local(long seen) {
    return seen > 0 && seen * 2 < members.size();
  }

  /** What none of them knows anything of. */
  public Set<String> unknown() {
    Set<String> unknown = new HashSet<>(members.isEmpty() ? Set.of() : members.get(0).unknown());
    members.forEach(each -> unknown.retainAll(each.unknown()));
    return unknown;
  }
}
