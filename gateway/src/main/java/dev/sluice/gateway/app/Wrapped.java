package dev.sluice.gateway.app;

import dev.sluice.config.Backend;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.gateway.child.Child;
import dev.sluice.gateway.child.Ending;
import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.monitor.Probing;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Complaint;
import dev.sluice.probes.verdict.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * The backend that is the gateway's child: what its process said before it ended is what the
 * backend says of itself, and it is started anew as soon as what it needs is back.
 */
final class Wrapped {
  private static final String OF = "its process";

  /** Characters of its last lines that a report takes. */
  private static final int MOST_TOLD = 4000;

  private static final Duration LEAST = Duration.ofMillis(1500);

  private final Wrapping wrapping;
  private final Child child;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  /** Told of what goes into an outage's report. */
  interface Told {
    void happened(String backendId, Instant at, String text);
  }

  Wrapped(Wrapping wrapping, InstantSource clock, LongSupplier nanos, Told told) {
    this.wrapping = wrapping;
    this.child =
        new Child(
            wrapping.command(), wrapping.environment(), clock, nanos, ending -> told(ending, told));
  }

  /** The first end of a row is told with all that was said; the others say the same. */
  private void told(Ending ending, Told told) {
    if (ending.row() == 1) {
      String lines = String.join(" / ", ending.lines());
      String last = lines.substring(Math.max(0, lines.length() - MOST_TOLD));
      told.happened(
          backendId(),
          ending.at(),
          "%s: %s%s".formatted(backendId(), ending.words(), last.isEmpty() ? "." : ": " + last));
    }
  }

  void start() {
    child.start();
  }

  String backendId() {
    return wrapping.backend().id();
  }

  Child.State state() {
    return child.state();
  }

  /** A climb of a dependency: once all that failed hold again, the backend may have a chance. */
  void climbed(Climb climb) {
    if (!wrapping.backend().dependsOn().contains(climb.targetId())) {
      return;
    }
    if (!climb.ok()) {
      failing.add(climb.targetId());
    } else if (failing.remove(climb.targetId()) && failing.isEmpty()) {
      child.nudge();
    }
  }

  /** What the backend's health shows, with the words of its process. */
  Probing beside(Probing probing) {
    return new Probing() {
      @Override
      public Ladder dependency(Dependency dependency, Vantage vantage) {
        return probing.dependency(dependency, vantage);
      }

      @Override
      public Ladder control(Control control) {
        return probing.control(control);
      }

      @Override
      public Mono<BackendHealth> backend(Backend backend, Duration limit) {
        Mono<BackendHealth> asked = probing.backend(backend, limit);
        return backend.id().equals(backendId()) ? asked.map(Wrapped.this::heard) : asked;
      }

      @Override
      public void close() {
        probing.close();
      }
    };
  }

  private BackendHealth heard(BackendHealth seen) {
    Ending ending = child.state().ending();
    if (seen.ok()) {
      child.well();
    }
    return seen.ok() || ending == null || seen.status() > 0 ? seen : explained(seen, ending);
  }

  private static BackendHealth explained(BackendHealth seen, Ending ending) {
    String last = ending.lastLine();
    List<Complaint> complaints =
        ending.lines().stream()
            .map(line -> new Complaint(OF, line, true))
            .filter(complaint -> complaint.detail() != null)
            .toList();
    String words = ending.words() + (last.isEmpty() ? "" : "; it said: " + last);
    return seen.saying(words, complaints.isEmpty() ? complaints : latest(complaints));
  }

  private static List<Complaint> latest(List<Complaint> complaints) {
    return complaints.subList(complaints.size() - 1, complaints.size());
  }

  /** Ends the process; it always has a little time to do so by itself. */
  void stop(Duration within) {
    child.stop(within.compareTo(LEAST) < 0 ? LEAST : within);
  }
}
