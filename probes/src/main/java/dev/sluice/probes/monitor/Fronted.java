package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.BackendScene;
import dev.sluice.probes.verdict.Complaint;
import dev.sluice.probes.verdict.Hysteresis;
import dev.sluice.probes.verdict.Passive;
import dev.sluice.probes.verdict.PoolFigures;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Report;
import dev.sluice.probes.verdict.Revision;
import dev.sluice.probes.verdict.Testimony;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the monitor remembers of one backend; touched by the monitor's thread alone. */
final class Fronted {
  private static final Duration ALERT = Duration.ofSeconds(1);
  private static final Duration UNSAID = Duration.ofSeconds(5);
  private static final int KNOWN_REVISIONS = 8;
  private static final int KNOWN_TIMES = 5;
  private static final int ENOUGH_TIMES = 3;

  final Backend backend;
  private @Nullable BackendHealth health;
  private @Nullable BackendHealth standing;
  private Instant failingSince = Instant.MIN;
  private Instant tellingSince = Instant.MIN;
  private List<Complaint> told = List.of();
  private final Deque<String> revisions = new ArrayDeque<>();
  private @Nullable Revision revision;
  private final Deque<Duration> times = new ArrayDeque<>();
  private boolean trafficFails;
  private int reassured;
  private int tellings;
  private int agreeing;
  private boolean excused;
  private final Hysteresis hysteresis;

  Fronted(Backend backend, Instant now) {
    this.backend = backend;
    this.hysteresis = new Hysteresis(Verdict.warmUp(backend.id(), now));
  }

  /** Takes an answer; true for the first that fails after one that did not. */
  boolean heard(BackendHealth answer) {
    BackendHealth before = health;
    boolean begins = !answer.ok() && (before == null || before.ok());
    health = answer;
    revised(answer);
    hysteresis.looked(answer.ok(), answer.at());
    agreeing = answer.ok() ? 0 : before != null && before.failsLike(answer) ? agreeing + 1 : 1;
    failingSince = begins ? answer.at() : failingSince;
    excused &= !answer.ok();
    reassured = answer.ok() && trafficFails ? reassured + 1 : 0;
    return begins;
  }

  /** Notes how long an answer took; what it took while something was wrong is not usual. */
  void took(BackendHealth answer, Duration took) {
    if (answer.ok() && !trafficFails) {
      times.addLast(took);
    }
    if (times.size() > KNOWN_TIMES) {
      times.removeFirst();
    }
  }

  /** How long the next answer is waited for. */
  Duration patience(Duration deadline, Passive passive) {
    return passive.failing() && times.size() >= ENOUGH_TIMES
        ? Patience.of(Collections.max(times), deadline)
        : deadline;
  }

  /** While two revisions serve side by side only the new one is news, and once. */
  private void revised(BackendHealth answer) {
    String named = answer.revision();
    if (named == null || revisions.contains(named)) {
      return;
    }
    String before = revisions.peekLast();
    revisions.addLast(named);
    if (revisions.size() > KNOWN_REVISIONS) {
      revisions.removeFirst();
    }
    revision = before == null ? null : new Revision(before, named, answer.at());
  }

  /** The last change of its revision; null where none was seen. */
  @Nullable Revision revision() {
    return revision;
  }

  /** When the answers that fail began. */
  Instant failingSince() {
    return onlyTold() ? tellingSince : failingSince;
  }

  /** How many of the latest answers failed in the same way without an excuse. */
  int agreeing() {
    return onlyTold() ? tellings : agreeing;
  }

  /** True when a dependency explained an earlier answer of the row that fails. */
  boolean excused() {
    return excused;
  }

  Verdict verdict() {
    return hysteresis.said();
  }

  /** Takes a judgement, and what it makes of the last answer. */
  void judged(Verdict now, BackendScene scene) {
    // Only what the backend's own answers say must be said several times.
    boolean failing = onlyTold() || (health != null && !health.ok());
    int agree = scene.excuses() ? Integer.MAX_VALUE : failing ? agreeing() : reassured(scene);
    hysteresis.judged(now, agree, scene.passive().failing(), scene.now());
    if (health != null && (health.ok() || !(scene.undecided() || scene.excuses()))) {
      standing = health;
    }
    if (health != null && !health.ok() && scene.excuses()) {
      excused = true;
      agreeing = 0;
    }
  }

  /**
   * Requests that fail alone blame a backend that calls itself well only where it has done so since
   * they fail: its health may not have met yet what they meet.
   */
  private int reassured(BackendScene scene) {
    trafficFails = scene.passive().failing();
    reassured = trafficFails ? reassured : 0;
    return trafficFails && backend.health() != null ? reassured : Integer.MAX_VALUE;
  }

  /** What it says of itself, be it in its health or only with failing answers. */
  @Nullable Report report() {
    Report own = health == null ? null : health.report(backend.health() != null);
    if (!onlyTold()) {
      return own;
    }
    String text = told.stream().map(Complaint::toString).collect(Collectors.joining("; "));
    return new Report(false, Reach.ANSWERED, "its answers say: " + text, told, true);
  }

  /** True when only its answers to requests say that something is wrong. */
  private boolean onlyTold() {
    return !told.isEmpty() && (health == null || health.ok());
  }

  /** Takes what its failing answers told lately; what is not understood is nothing. */
  void told(Told now, Instant at) {
    boolean begins = told.isEmpty();
    told =
        Testimony.read(now.value(), Set.copyOf(backend.dependsOn())).stream()
            .map(Testimony::complaint)
            .toList();
    tellingSince = begins && !told.isEmpty() ? at : tellingSince;
    tellings = now.times();
  }

  @Nullable PoolFigures pool() {
    return health == null ? null : health.pool();
  }

  Duration pause(BreakerState breaker) {
    Backend.HealthProbe probe = backend.health();
    Duration usual = probe == null ? UNSAID : probe.interval();
    boolean alert =
        breaker != BreakerState.CLOSED || trafficFails || (health != null && !health.ok());
    return alert && ALERT.compareTo(usual) < 0 ? ALERT : usual;
  }

  BackendStatus status(BreakerState breaker, ServiceMode mode) {
    return new BackendStatus(backend.id(), verdict(), breaker, health, standing, mode);
  }
}
