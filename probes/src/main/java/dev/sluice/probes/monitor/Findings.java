package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.BackendClassifier;
import dev.sluice.probes.verdict.BackendScene;
import dev.sluice.probes.verdict.Classifier;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Needed;
import dev.sluice.probes.verdict.Passive;
import dev.sluice.probes.verdict.Peer;
import dev.sluice.probes.verdict.Report;
import dev.sluice.probes.verdict.Scene;
import dev.sluice.probes.verdict.Sessions;
import dev.sluice.probes.verdict.Verdict;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gathers what a diagnosis found and judges it once; not for several threads at a time. */
final class Findings {
  private final Configuration configuration;
  private final InstantSource instants;
  private final Map<String, List<Climb>> climbs = new HashMap<>();
  private final Map<String, List<BackendHealth>> answers = new HashMap<>();

  Findings(Configuration configuration, InstantSource instants) {
    this.configuration = configuration;
    this.instants = instants;
  }

  void take(News news) {
    if (news instanceof News.Climbed climbed) {
      climbs.computeIfAbsent(climbed.subject(), id -> new ArrayList<>()).add(climbed.climb());
    } else if (news instanceof News.Answered answered) {
      answers.computeIfAbsent(answered.subject(), id -> new ArrayList<>()).add(answered.answer());
    }
  }

  List<News> judged() {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    configuration.dependencies().forEach(d -> verdicts.put(d.id(), owned(judge(d))));
    List<News> judged = new ArrayList<>();
    for (Map.Entry<String, Verdict> entry : verdicts.entrySet()) {
      judged.add(new News.Judged(entry.getValue(), complete(counted(entry.getKey()))));
    }
    for (Backend b : configuration.backends()) {
      judged.add(new News.Judged(owned(judge(b, verdicts)), complete(of(answers, b.id()))));
    }
    return judged;
  }

  private Verdict owned(Verdict verdict) {
    return verdict.ownedBy(configuration.operation().owners());
  }

  private List<Climb> counted(String id) {
    return FirstClimbs.counted(of(climbs, id));
  }

  private static boolean complete(List<?> found) {
    return found.size() >= Diagnosis.TIMES;
  }

  private Verdict judge(Dependency d) {
    List<Climb> own = counted(d.id());
    if (own.isEmpty()) {
      return Verdict.warmUp(d.id(), instants.instant());
    }
    return Classifier.judge(
        new Scene(
            d.id(),
            own,
            d.network(),
            configuration.networks(),
            peers(d),
            report(d),
            Passive.NONE,
            sessions(own),
            true,
            null,
            instants.instant()));
  }

  private List<Peer> peers(Dependency subject) {
    List<Peer> peers = new ArrayList<>();
    for (Control c : configuration.controls()) {
      of(climbs, c.id()).forEach(climb -> peers.add(new Peer(c.id(), c.network(), climb)));
    }
    for (Dependency d : configuration.dependencies()) {
      Climb last = last(of(climbs, d.id()));
      if (last != null && !d.id().equals(subject.id())) {
        peers.add(new Peer(d.id(), d.network(), last));
      }
    }
    return peers;
  }

  private @Nullable Report report(Dependency d) {
    for (Backend b : configuration.backends()) {
      BackendHealth last = last(of(answers, b.id()));
      if (last != null && b.health() != null && b.dependsOn().contains(d.id())) {
        return last.report(true);
      }
    }
    return null;
  }

  private static @Nullable Sessions sessions(List<Climb> own) {
    return own.stream()
        .map(Climb::sessions)
        .filter(Objects::nonNull)
        .reduce((a, b) -> b)
        .orElse(null);
  }

  private Verdict judge(Backend b, Map<String, Verdict> verdicts) {
    List<BackendHealth> own = of(answers, b.id());
    BackendHealth last = last(own);
    return BackendClassifier.judge(
        new BackendScene(
            b.id(),
            b.sharesNetwork(),
            last == null ? null : last.report(b.health() != null),
            last == null ? 0 : (int) own.stream().filter(last::failsLike).count(),
            false,
            last == null ? null : last.pool(),
            Passive.NONE,
            needed(b, verdicts),
            null,
            instants.instant()));
  }

  private List<Needed> needed(Backend b, Map<String, Verdict> verdicts) {
    List<Needed> needed = new ArrayList<>();
    for (String id : b.dependsOn()) {
      Verdict verdict = verdicts.get(id);
      Climb last = last(of(climbs, id));
      if (verdict != null) {
        boolean well = verdict.detail() == Detail.HEALTHY;
        needed.add(
            new Needed(verdict, last != null && !well, last != null, Climb.heldMillis(last)));
      }
    }
    return needed;
  }

  private static <T> List<T> of(Map<String, List<T>> found, String id) {
    return found.getOrDefault(id, List.of());
  }

  private static <T> @Nullable T last(List<T> list) {
    return list.isEmpty() ? null : list.get(list.size() - 1);
  }
}
