package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.ModeRule;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.BackendClassifier;
import dev.sluice.probes.verdict.BackendScene;
import dev.sluice.probes.verdict.Classifier;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Peer;
import dev.sluice.probes.verdict.Scene;
import dev.sluice.probes.verdict.Verdict;
import dev.sluice.probes.verdict.Views;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where facts are gathered, judged and made public; used by the monitor's thread alone. */
final class Bench {
  private static final Logger LOG = LoggerFactory.getLogger(Bench.class);

  private final InstantSource instants;
  private final LongSupplier nanos;
  private final Breakers breakers;
  private final Traffic traffic;
  private final BiConsumer<Configuration, Posture> publish;
  private final MonitorListener listener;
  private final Map<String, Peer> controls = new LinkedHashMap<>();
  private Configuration configuration;
  private @Nullable Reconfigured reconfigured;
  private Map<String, Watched> dependencies = Map.of();
  private Map<String, Fronted> backends = Map.of();
  private final Agents agents;
  private volatile Posture posture;

  Bench(
      Configuration configuration,
      InstantSource instants,
      LongSupplier nanos,
      Breakers breakers,
      Traffic traffic,
      BiConsumer<Configuration, Posture> publish,
      MonitorListener listener) {
    this.configuration = configuration;
    this.instants = instants;
    this.nanos = nanos;
    this.breakers = breakers;
    this.traffic = traffic;
    this.publish = publish;
    this.listener = listener;
    this.agents = new Agents(nanos);
    gather(configuration, Set.of());
    this.posture = Posture.starting(instants.instant(), configuration);
  }

  /** Sets out what is to be known, keeping what is known of the same targets. */
  private void gather(Configuration next, Set<String> same) {
    Instant now = instants.instant();
    Map<String, Watched> watched = new LinkedHashMap<>();
    for (Dependency d : next.dependencies()) {
      Watched known = same.contains(d.id()) ? dependencies.get(d.id()) : null;
      watched.put(d.id(), known == null ? new Watched(d, now, nanos.getAsLong()) : known);
    }
    Map<String, Fronted> fronted = new LinkedHashMap<>();
    for (Backend b : next.backends()) {
      Fronted known = same.contains(b.id()) ? backends.get(b.id()) : null;
      fronted.put(b.id(), known == null ? new Fronted(b, now) : known);
    }
    controls.keySet().retainAll(same);
    dependencies = watched;
    backends = fronted;
  }

  /** Goes over to another configuration and publishes it with where its parts stand. */
  void follow(Configuration next, Set<String> same) {
    gather(next, same);
    configuration = next;
    reconfigured = new Reconfigured(instants.instant(), same);
    dependencies.values().stream().filter(w -> w.last() != null).forEach(this::judge);
    backends.values().forEach(this::judge);
    publish(posture, take());
  }

  Watched dependency(String id) {
    return Objects.requireNonNull(dependencies.get(id));
  }

  Fronted backend(String id) {
    return Objects.requireNonNull(backends.get(id));
  }

  Posture posture() {
    return posture;
  }

  /** True while any dependency is in doubt: controls are then probed as often as it is. */
  boolean alert() {
    return dependencies.values().stream().anyMatch(Watched::suspect);
  }

  Verdict climbed(Watched watched, Climb climb) {
    watched.add(climb);
    judge(watched);
    for (Climb due : watched.feed()) {
      breakers.climbed(due, watched.fresh());
    }
    refresh();
    return watched.verdict();
  }

  /** Takes what the platform says of a dependency. */
  void facts(String dependencyId, List<String> told) {
    Watched watched = dependencies.get(dependencyId);
    if (watched != null) {
      watched.facts(told);
      refresh();
    }
  }

  /** Takes what an agent saw beside the backend. */
  void told(AgentReport report) {
    agents.take(report, configuration);
    for (Climb climb : report.climbs()) {
      Watched watched = dependencies.get(climb.targetId());
      if (watched != null) {
        toldOf(watched, report.agent(), climb);
      }
    }
    refresh();
  }

  /** Of several agents those count that are most. */
  private void toldOf(Watched watched, String agent, Climb climb) {
    Beside.Seen seen = agents.seen(watched.dependency, agent, climb);
    Beside.Seen telling = agents.telling(watched.dependency);
    if (telling != null && telling.last().ok() == climb.ok()) {
      watched.lookedBeside(climb);
      Verdict there = agents.judge(scenes().of(watched), seen);
      if (there.detail() != Detail.WARM_UP) {
        breakers.climbed(climb, there);
      }
    }
  }

  void control(Control control, Climb climb) {
    controls.put(control.id(), new Peer(control.id(), control.network(), climb));
    refresh();
  }

  /** Takes a backend's answer; true for the first that fails after one that did not. */
  boolean heard(Fronted fronted, BackendHealth answer) {
    boolean begins = fronted.heard(answer);
    breakers.probed(fronted.backend.id(), answer);
    refresh();
    return begins;
  }

  /** Judges everything again: facts about one target change what another's mean. */
  void refresh() {
    dependencies.values().stream().filter(w -> w.last() != null).forEach(this::judge);
    backends.values().forEach(this::judge);
    publish();
  }

  private void judge(Watched watched) {
    Dependency d = watched.dependency;
    watched.beside(agents.telling(d));
    Climb last = watched.last();
    if (last == null) {
      return;
    }
    Scene scene = scenes().of(watched);
    Verdict verdict = Classifier.judge(scene);
    Beside.Seen beside = watched.beside();
    if (beside != null) {
      verdict = Views.of(verdict, last, agents.judge(scene, beside), beside.climbs);
    }
    watched.judged(completed(verdict), scene.passive(), scene.now());
  }

  private void judge(Fronted fronted) {
    fronted.told(traffic.told(fronted.backend.id()), instants.instant());
    BackendScene scene = scenes().of(fronted);
    fronted.judged(completed(BackendClassifier.judge(scene)), scene);
  }

  /** With its owner by the file, and with the file's own part in it. */
  private Verdict completed(Verdict verdict) {
    Verdict owned = verdict.ownedBy(configuration.operation().owners());
    Reconfigured last = reconfigured;
    return last == null ? owned : last.beside(owned);
  }

  private Scenes scenes() {
    return new Scenes(configuration, dependencies, backends, controls, traffic, instants, nanos);
  }

  /** Publishes where everything stands, if that is news. */
  void publish() {
    Posture before = posture;
    Posture after = take();
    if (!Changes.same(before, after)) {
      publish(before, after);
    }
  }

  private void publish(Posture before, Posture after) {
    posture = after;
    try {
      publish.accept(configuration, after);
      if (Changes.matter(before, after)) {
        listener.changed(before, after);
      }
    } catch (RuntimeException e) {
      LOG.warn("A receiver of the posture failed.", e);
    }
  }

  private Posture take() {
    Map<String, DependencyStatus> ds = new LinkedHashMap<>();
    dependencies.forEach((id, w) -> ds.put(id, w.status(breakers.state(id))));
    Map<String, BackendStatus> bs = new LinkedHashMap<>();
    backends.forEach(
        (id, f) ->
            bs.put(id, f.status(breakers.state(id), ModeRule.of(configuration, f.backend, ds))));
    Instant now = instants.instant();
    boolean warmUp = dependencies.values().stream().anyMatch(Watched::warmsUp);
    Verdict well =
        posture.headline().detail() == Detail.HEALTHY
            ? posture.headline()
            : Verdict.healthy("gateway", now);
    return new Posture(
        now,
        posture.startedAt(),
        ModeRule.of(configuration, ds),
        ds,
        bs,
        ModeRule.headline(ds.values(), bs.values(), well),
        warmUp);
  }
}
