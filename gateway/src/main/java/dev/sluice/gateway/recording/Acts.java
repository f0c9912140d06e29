package dev.sluice.gateway.recording;

import dev.sluice.gateway.alerts.Message;
import dev.sluice.gateway.recording.Act.Kind;
import dev.sluice.probes.breaker.Move;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is an act of what a gateway does. Pure. */
final class Acts {
  private Acts() {}

  static List<Act> of(Move move, Instant at) {
    return move.from() == move.to()
        ? List.of()
        : List.of(new Act(at, Kind.BREAKER, move.id(), move.to().label()));
  }

  /** What a posture says that the one before it did not; that all is well at first is no news. */
  static List<Act> of(Posture before, Posture after, Instant at) {
    List<Act> acts = new ArrayList<>();
    Map<String, Verdict> earlier = verdicts(before);
    verdicts(after)
        .forEach(
            (id, verdict) -> {
              Verdict old = earlier.get(id);
              boolean begins =
                  verdict.detail() == Detail.HEALTHY
                      && (old == null || old.detail() == Detail.WARM_UP);
              if (!begins && (old == null || old.detail() != verdict.detail())) {
                String what = verdict.cause() + " " + verdict.detail().label();
                acts.add(new Act(at, Kind.VERDICT, id, what));
              }
            });
    if (before.mode() != after.mode()) {
      acts.add(new Act(at, Kind.MODE, "", after.mode().label()));
    }
    return acts;
  }

  private static Map<String, Verdict> verdicts(Posture posture) {
    Map<String, Verdict> all = new LinkedHashMap<>();
    posture.dependencies().values().forEach(each -> all.put(each.id(), each.verdict()));
    posture.backends().values().forEach(each -> all.put(each.id(), each.verdict()));
    return all;
  }

  static List<Act> of(Message message, Instant at) {
    String what = message.kind().label() + " for " + message.team();
    return message.incidents().stream()
        .map(incident -> new Act(at, Kind.ALERT, incident.subject(), what))
        .toList();
  }
}
