package dev.sluice.gateway.recording;

import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was written down of a while. Not changed once it is read.
 *
 * @param climbs by target and beginning
 * @param answers of backends, by id and moment
 * @param agents what agents pushed, by moment
 * @param traffic what became of requests, by the moment at which they were counted
 * @param failing when requests failed that need a dependency, or a backend, by its id
 * @param tried how long what had come back was tried out, by the dependency's id
 * @param acts what the gateway did, in the order of time
 * @param lost how many lines the gateway could not keep
 */
public record Recording(
    Map<String, NavigableMap<Instant, Climb>> climbs,
    Map<String, NavigableMap<Instant, BackendHealth>> answers,
    NavigableMap<Instant, List<Pushed>> agents,
    NavigableMap<Instant, List<Counted>> traffic,
    Map<String, NavigableSet<Instant>> failing,
    Map<String, Duration> tried,
    List<Act> acts,
    int lost) {
  /** One climb that an agent pushed. */
  record Pushed(String agent, Climb climb) {}

  /**
   * What became of requests that are alike, in about a second.
   *
   * @param evidence the latest that came with a failing answer
   */
  record Counted(Flow flow, Map<Ending, Integer> endings, @Nullable String evidence) {}

  /** When it begins. */
  public Instant from() {
    return moments().first();
  }

  /** When it ends. */
  public Instant to() {
    return moments().last();
  }

  private TreeSet<Instant> moments() {
    TreeSet<Instant> moments = new TreeSet<>();
    climbs.values().forEach(each -> ends(each, moments));
    answers.values().forEach(each -> ends(each, moments));
    ends(agents, moments);
    ends(traffic, moments);
    acts.forEach(act -> moments.add(act.at()));
    return moments;
  }

  private static void ends(NavigableMap<Instant, ?> some, Set<Instant> moments) {
    if (!some.isEmpty()) {
      moments.add(some.firstKey());
      moments.add(some.lastKey());
    }
  }

  /** Whether it has anything but acts, by which nothing can be gone through again. */
  boolean isEmpty() {
    return climbs.isEmpty() && answers.isEmpty();
  }

  /**
   * What a climb would have seen that began then: what the latest one before saw, or the first one.
   * Between one that held and one that did not it is the latter once requests have failed.
   *
   * @param full whether it takes the full tier; the latest of those that took it is asked for that
   */
  @Nullable Climb climb(String target, Instant at, boolean full) {
    NavigableMap<Instant, Climb> own = climbs.get(target);
    Climb seen = own == null ? null : at(target, own, at, Climb::ok);
    if (own == null || seen == null || !full || !seen.ok() || seen.at(Rung.FULL_QUERY) != null) {
      return seen == null || full ? seen : without(seen);
    }
    for (Climb earlier : own.headMap(at, true).descendingMap().values()) {
      Sample query = earlier.at(Rung.FULL_QUERY);
      if (query != null) {
        return with(seen, query);
      }
    }
    return seen;
  }

  private static Climb with(Climb seen, Sample query) {
    List<Sample> samples = new ArrayList<>(seen.samples());
    samples.add(query);
    return new Climb(seen.targetId(), seen.at(), seen.vantage(), samples, seen.sessions());
  }

  /** As far as one goes that does not take the full query. */
  private static Climb without(Climb seen) {
    List<Sample> samples =
        seen.samples().stream().filter(sample -> sample.rung() != Rung.FULL_QUERY).toList();
    return new Climb(seen.targetId(), seen.at(), seen.vantage(), samples, seen.sessions());
  }

  /** What a backend would have said then; null where it was never asked. */
  @Nullable BackendHealth answer(String backendId, Instant at) {
    NavigableMap<Instant, BackendHealth> own = answers.get(backendId);
    return own == null ? null : at(backendId, own, at, BackendHealth::ok);
  }

  private <T> @Nullable T at(
      String id, NavigableMap<Instant, T> all, Instant at, Predicate<T> holds) {
    Map.Entry<Instant, T> latest = all.floorEntry(at);
    Map.Entry<Instant, T> next = all.higherEntry(at);
    if (latest == null || next == null) {
      Map.Entry<Instant, T> only = latest == null ? next : latest;
      return only == null ? null : only.getValue();
    }
    NavigableSet<Instant> failures = failing.get(id);
    boolean begun =
        holds.test(latest.getValue())
            && !holds.test(next.getValue())
            && failures != null
            && !failures.subSet(latest.getKey(), true, at, true).isEmpty();
    return begun ? next.getValue() : latest.getValue();
  }

  /** Takes what was counted. */
  void count(Instant at, Counted counted) {
    traffic.computeIfAbsent(at, any -> new ArrayList<>()).add(counted);
    if (counted.endings().keySet().stream().anyMatch(Ending::failed)) {
      Instant since = at.minusSeconds(1);
      Flow flow = counted.flow();
      Stream.concat(flow.needs().stream(), Stream.of(flow.backendId()))
          .forEach(id -> failing.computeIfAbsent(id, any -> new TreeSet<>()).add(since));
    }
  }

  /** How many tries ended so, and how many requests were kept from their backends. */
  public Sums sums() {
    Sums.Counter counter = new Sums.Counter();
    traffic
        .values()
        .forEach(each -> each.forEach(counted -> counted.endings().forEach(counter::count)));
    return counter.sums();
  }

  /** One that is still empty, to be filled. */
  static Recording empty() {
    return new Recording(
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new ArrayList<>(),
        0);
  }
}
