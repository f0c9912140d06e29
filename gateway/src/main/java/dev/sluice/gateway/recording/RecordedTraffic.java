package dev.sluice.gateway.recording;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.gateway.recording.Recording.Counted;
import dev.sluice.probes.breaker.Permit;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.monitor.Monitor;
import dev.sluice.probes.verdict.Climb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Recorded requests, sent once more: each that the breakers let pass ends as one of its second did.
 * One that was kept from its backend in the recording has no end there; it fails while a climb to
 * what it needs, or the backend's own answer, does.
 */
final class RecordedTraffic {
  /** Of one flow in one second; where there were more, each stands for several. */
  private static final int MOST = 500;

  private final Recording recording;
  private final Monitor monitor;
  private final Set<String> backends;
  private final Set<String> dependencies;
  private final SplittableRandom random;
  private final Sums.Counter counter = new Sums.Counter();
  private List<List<Try>> slices = List.of();

  private record Try(Flow flow, Ending ending, double weight, @Nullable String evidence) {}

  RecordedTraffic(Configuration configuration, Recording recording, Monitor monitor, long seed) {
    this.recording = recording;
    this.monitor = monitor;
    this.random = new SplittableRandom(seed);
    backends = configuration.backends().stream().map(Backend::id).collect(Collectors.toSet());
    dependencies =
        configuration.dependencies().stream().map(Dependency::id).collect(Collectors.toSet());
  }

  /** The requests of the next second, spread over its slices. */
  void take(List<Counted> counted, int count) {
    List<List<Try>> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      next.add(new ArrayList<>());
    }
    for (Counted each : counted) {
      if (backends.contains(each.flow().backendId())) {
        tries(each).forEach(one -> next.get(random.nextInt(count)).add(one));
      }
    }
    slices = next;
  }

  private List<Try> tries(Counted counted) {
    List<String> needs = counted.flow().needs().stream().filter(dependencies::contains).toList();
    Flow flow = new Flow(counted.flow().backendId(), needs);
    int all = counted.endings().values().stream().mapToInt(Integer::intValue).sum();
    double share = Math.min(1, MOST / (double) all);
    List<Try> tries = new ArrayList<>();
    counted
        .endings()
        .forEach(
            (ending, times) -> {
              int sent = (int) Math.ceil(times * share);
              for (int i = 0; i < sent; i++) {
                tries.add(new Try(flow, ending, times / (double) sent, counted.evidence()));
              }
            });
    return tries;
  }

  /** Sends those of one slice. */
  void send(int slice, Instant now) {
    slices.get(slice).forEach(each -> send(each, now));
  }

  private void send(Try request, Instant now) {
    Flow flow = request.flow();
    if (request.ending() == Ending.SLOW) {
      request.ending().witness(monitor.witness(), flow);
      return;
    }
    Permit permit = monitor.breakers().permit(flow.backendId(), flow.needs());
    if (permit == null && !monitor.breakers().canary(flow.backendId(), flow.needs())) {
      counter.count(Ending.KEPT, request.weight());
      return;
    }
    Ending ending = request.ending() == Ending.KEPT ? guess(flow, now) : request.ending();
    ending.witness(monitor.witness(), flow);
    String evidence = request.evidence();
    if (evidence != null && ending.answeredWithError()) {
      monitor.witness().told(flow.backendId(), evidence);
    }
    if (permit != null) {
      ending.settle(permit);
    }
    counter.count(ending, request.weight());
  }

  private Ending guess(Flow flow, Instant now) {
    for (String id : flow.needs()) {
      Climb climb = recording.climb(id, now, false);
      if (climb != null && !climb.ok()) {
        return Ending.TIMEOUT;
      }
    }
    BackendHealth answer = recording.answer(flow.backendId(), now);
    return answer == null || answer.ok() ? Ending.OK : Ending.UNAVAILABLE;
  }

  Sums sums() {
    return counter.sums();
  }
}
