package dev.sluice.probes.monitor;

import dev.sluice.config.Dependency;
import dev.sluice.probes.breaker.RecoveryPlan;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Evidence;
import dev.sluice.probes.verdict.Hysteresis;
import dev.sluice.probes.verdict.Needed;
import dev.sluice.probes.verdict.Passive;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Scene;
import dev.sluice.probes.verdict.Sessions;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the monitor remembers of one dependency; touched by the monitor's thread alone. */
final class Watched {
  private static final int KEPT = 3;

  private static final long PATIENT_MILLIS = 5_000;
  private static final long ERRING = Duration.ofSeconds(2).toNanos();
  private static final long WARM_UP = Duration.ofSeconds(90).toNanos();

  final Dependency dependency;
  private final long begun;
  private final List<Climb> climbs = new ArrayList<>(KEPT + 1);
  private final List<Climb> unfed = new ArrayList<>(KEPT + 1);
  private final Hysteresis hysteresis;
  private Verdict fresh;
  private boolean proven;
  private boolean wellOnce;
  private @Nullable Sessions sessions;
  private long lastFull;
  private long usualQuery = -1;
  private List<Evidence> facts = List.of();
  private int failed;
  private Beside.@Nullable Seen beside;

  Watched(Dependency dependency, Instant now, long nanos) {
    this.dependency = dependency;
    this.begun = nanos;
    this.fresh = Verdict.warmUp(dependency.id(), now);
    this.hysteresis = new Hysteresis(fresh);
  }

  List<Climb> climbs() {
    return climbs;
  }

  /** What is said of it, with what the platform says. */
  Verdict verdict() {
    Verdict said = hysteresis.said();
    return said.cause() == Cause.NONE ? said : said.with(facts);
  }

  /** Goes on with these facts of the platform. */
  void facts(List<String> told) {
    Sample platform = Sample.good(dependency.id(), Rung.METADATA, Vantage.GATEWAY, 0);
    facts = told.stream().map(text -> new Evidence("Platform: " + text, platform)).toList();
  }

  /** What its last climb alone would have one say. */
  Verdict fresh() {
    return fresh;
  }

  /** True once it has answered, or has been watched for long enough to be judged. */
  boolean judgeable(long nanos) {
    return proven || nanos - begun >= WARM_UP;
  }

  void add(Climb climb) {
    keep(climbs, climb);
    keep(unfed, climb);
    Sample query = climb.at(Rung.FULL_QUERY);
    usualQuery = query != null && query.ok() ? query.millis() : usualQuery;
    if (beside == null) {
      hysteresis.looked(climb.ok(), climb.at());
    }
    failed = climb.ok() ? 0 : failed + 1;
    proven |= climb.ok() || answered(climb);
    sessions = climb.sessions() == null ? sessions : climb.sessions();
    wellOnce |= climb.ok() && (dependency.fullQuery() == null || fullQueried(climb));
  }

  private static boolean fullQueried(Climb climb) {
    return climb.at(Rung.FULL_QUERY) != null;
  }

  /** A fault of the operator's query or of read-only state comes after a session that works. */
  private static boolean answered(Climb climb) {
    Sample one = climb.at(Rung.SELECT_ONE);
    return one != null && one.ok();
  }

  private static void keep(List<Climb> list, Climb climb) {
    list.add(climb);
    if (list.size() > KEPT) {
      list.remove(0);
    }
  }

  /** Takes a judgement of both views. */
  void judged(Verdict now, Passive passive, Instant at) {
    fresh = now;
    hysteresis.judged(now, Math.max(weight(), besideWeight()), passive.failing(), at);
  }

  private int besideWeight() {
    return beside == null || beside.last().ok() ? 0 : Scene.agreeing(beside.climbs);
  }

  /** Goes by what is seen beside the backend from now on; null where nothing is any more. */
  void beside(Beside.@Nullable Seen seen) {
    beside = seen;
  }

  /** What is seen beside the backend; null where nobody looks from there. */
  Beside.@Nullable Seen beside() {
    return beside;
  }

  /** An agent has looked. */
  void lookedBeside(Climb climb) {
    hysteresis.looked(climb.ok(), climb.at());
    proven |= climb.ok() || answered(climb);
    wellOnce |= climb.ok();
    sessions = climb.sessions() == null ? sessions : climb.sessions();
    unfed.clear();
  }

  /** How many looks agree; one that has waited for many seconds is worth several. */
  private int weight() {
    Climb last = last();
    Sample failed = last == null ? null : last.failed();
    boolean patient = failed != null && failed.millis() >= PATIENT_MILLIS;
    return patient ? KEPT : Scene.agreeing(climbs);
  }

  /**
   * The climbs that no breaker has seen; none while warming up, then all that were kept back. None
   * where an agent looks from beside the backend: its climbs count instead.
   */
  List<Climb> feed() {
    if (beside != null) {
      unfed.clear();
    }
    if (fresh.detail() == Detail.WARM_UP) {
      return List.of();
    }
    List<Climb> due = List.copyOf(unfed);
    unfed.clear();
    return due;
  }

  @Nullable Climb last() {
    return climbs.isEmpty() ? null : climbs.get(climbs.size() - 1);
  }

  boolean suspect() {
    Climb last = last();
    return (last != null && !last.ok()) || (beside != null && !beside.last().ok());
  }

  /** As one of the dependencies of a backend whose answers have failed since then. */
  Needed needed(Instant since) {
    Climb last = last();
    boolean blamed =
        verdict().cause() == Cause.INFRASTRUCTURE || verdict().cause() == Cause.APPLICATION;
    boolean contradicted = verdict().detail() == Detail.GATEWAY_VIEW;
    boolean looked =
        last != null
            && !last.at().isBefore(since)
            && (last.ok() || blamed || contradicted || Scene.agreeing(climbs) >= KEPT);
    return new Needed(verdict(), suspect() && !contradicted, looked, Climb.heldMillis(last));
  }

  /** Who held its connections when last seen. */
  @Nullable Sessions sessions() {
    return sessions;
  }

  /** True while it is required and neither reached nor judged. */
  boolean warmsUp() {
    return dependency.required() && verdict().detail() == Detail.WARM_UP;
  }

  /**
   * Whether this climb takes the full tier: until it held once, when it is due, while it fails, and
   * while requests that need the dependency do; for a few errors among them every two seconds.
   */
  boolean full(long nanos, Passive passive) {
    boolean due = !wellOnce || nanos - lastFull >= dependency.fullInterval().toNanos();
    boolean erring = passive.errors() > 0 && nanos - lastFull >= ERRING;
    boolean asked = due || erring || passive.failing();
    if (asked) {
      lastFull = nanos;
    }
    return asked || failedAt(Rung.FULL_QUERY);
  }

  /** How long the full query is waited for. */
  Duration patience(Passive passive) {
    return passive.failing() && usualQuery >= 0
        ? Patience.of(Duration.ofMillis(usualQuery), dependency.tiers().full())
        : dependency.tiers().full();
  }

  private boolean failedAt(Rung rung) {
    Climb last = last();
    Sample failed = last == null ? null : last.failed();
    return failed != null && failed.rung() == rung;
  }

  /**
   * As its plan says for a while after a failure and until the breaker is closed again. A failing
   * full query is asked as often only until its verdict stands: it may be a burden.
   *
   * @param several whether many gateways try out what is back: they hear of it from their requests,
   *     and what comes back is logged in to no more than twice as often as on usual days
   */
  Duration pause(BreakerState breaker, boolean several, Instant now) {
    boolean burden = failedAt(Rung.FULL_QUERY) && Scene.agreeing(climbs) >= KEPT;
    boolean doubt = suspect() || unsaid() || hysteresis.restless(now);
    boolean alert = breaker != BreakerState.CLOSED || (doubt && !burden);
    Duration usual = dependency.interval();
    if (!alert) {
      return usual;
    }
    Duration pause = RecoveryPlan.of(fresh.detail()).pause(failed, usual);
    boolean back = breaker != BreakerState.OPEN && !suspect();
    Duration half = usual.dividedBy(2);
    return several && back && half.compareTo(pause) > 0 ? half : pause;
  }

  /** It holds, and something is wrong all the same that has not been seen often enough. */
  private boolean unsaid() {
    Climb last = last();
    return last != null && last.ok() && last.telling() != null && Scene.agreeing(climbs) < KEPT;
  }

  DependencyStatus status(BreakerState breaker) {
    boolean readOnly = verdict().detail() == Detail.READ_ONLY_NODE;
    return new DependencyStatus(
        dependency.id(),
        verdict(),
        breaker,
        readOnly,
        proven,
        wellOnce,
        suspect(),
        last(),
        beside == null ? null : beside.last());
  }
}
