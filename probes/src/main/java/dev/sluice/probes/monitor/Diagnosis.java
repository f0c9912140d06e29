package dev.sluice.probes.monitor;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Classifier;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Passive;
import dev.sluice.probes.verdict.Peer;
import dev.sluice.probes.verdict.Report;
import dev.sluice.probes.verdict.Scene;
import dev.sluice.probes.verdict.Verdict;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.function.Tuple2;

/** One look from here: three climbs of each dependency, with the controls beside. */
public final class Diagnosis {
  private static final int CLIMBS = 3;
  private static final int AT_ONCE = 8;

  private final Configuration configuration;
  private final InstantSource instants;
  private final Probing probing;

  private Diagnosis(Configuration configuration, InstantSource instants, Probing probing) {
    this.configuration = configuration;
    this.instants = instants;
    this.probing = probing;
  }

  /** A verdict and the last climb it rests on. */
  public record Finding(Verdict verdict, Climb climb) {}

  /**
   * Climbs everything and judges it without a warm-up. Emits one finding for each dependency, in
   * the order of the configuration, on a thread that may block.
   */
  public static Mono<List<Finding>> run(
      Configuration configuration, InstantSource instants, LongSupplier nanos) {
    return Mono.using(
        () -> Probing.real(configuration, instants, nanos),
        probing -> run(configuration, instants, probing).publishOn(Schedulers.boundedElastic()),
        Probing::close);
  }

  static Mono<List<Finding>> run(
      Configuration configuration, InstantSource instants, Probing probing) {
    return new Diagnosis(configuration, instants, probing).findings();
  }

  private Mono<List<Finding>> findings() {
    Mono<Map<String, List<Climb>>> climbs =
        Flux.fromIterable(configuration.dependencies())
            .flatMap(this::climbs, AT_ONCE)
            .collectMap(list -> list.get(0).targetId());
    Mono<List<Peer>> controls =
        Flux.fromIterable(configuration.controls()).flatMap(this::peer, AT_ONCE).collectList();
    Mono<Map<String, BackendHealth>> reports =
        Flux.fromIterable(configuration.backends())
            .filter(b -> b.health() != null)
            .flatMap(b -> probing.backend(b).map(h -> Map.entry(b.id(), h)), AT_ONCE)
            .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    return Mono.zip(Mono.zip(climbs, controls), reports)
        .map(all -> judge(all.getT1(), all.getT2()));
  }

  private Mono<List<Climb>> climbs(Dependency d) {
    return Mono.defer(() -> probing.dependency(d).climb(true)).repeat(CLIMBS - 1).collectList();
  }

  private Mono<Peer> peer(Control c) {
    return probing.control(c).climb(false).map(climb -> new Peer(c.id(), c.network(), climb));
  }

  private List<Finding> judge(
      Tuple2<Map<String, List<Climb>>, List<Peer>> seen, Map<String, BackendHealth> reports) {
    List<Finding> findings = new ArrayList<>();
    for (Dependency d : configuration.dependencies()) {
      List<Climb> climbs = seen.getT1().getOrDefault(d.id(), List.of());
      if (!climbs.isEmpty()) {
        List<Peer> peers = new ArrayList<>(seen.getT2());
        peers.addAll(others(d, seen.getT1()));
        findings.add(finding(d, climbs, peers, report(d, reports)));
      }
    }
    return findings;
  }

  private List<Peer> others(Dependency subject, Map<String, List<Climb>> climbs) {
    return configuration.dependencies().stream()
        .filter(d -> !d.id().equals(subject.id()) && climbs.containsKey(d.id()))
        .map(d -> new Peer(d.id(), d.network(), last(climbs.getOrDefault(d.id(), List.of()))))
        .toList();
  }

  private static Climb last(List<Climb> climbs) {
    return climbs.get(climbs.size() - 1);
  }

  private @Nullable Report report(Dependency d, Map<String, BackendHealth> reports) {
    for (Backend b : configuration.backends()) {
      BackendHealth h = reports.get(b.id());
      if (h != null && b.dependsOn().contains(d.id())) {
        return h.report(b.health() != null);
      }
    }
    return null;
  }

  private Finding finding(
      Dependency d, List<Climb> climbs, List<Peer> peers, @Nullable Report report) {
    Scene scene =
        new Scene(
            d.id(),
            climbs,
            d.network(),
            configuration.networks(),
            peers,
            report,
            Passive.NONE,
            null,
            true,
            null,
            instants.instant());
    return new Finding(Classifier.judge(scene), last(climbs));
  }
}
