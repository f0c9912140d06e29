package dev.sluice.probes.monitor;

import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.probes.verdict.BackendScene;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Needed;
import dev.sluice.probes.verdict.Peer;
import dev.sluice.probes.verdict.Report;
import dev.sluice.probes.verdict.Scene;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All that is known now, as it concerns one target; used by the monitor's thread alone. */
record Scenes(
    Configuration configuration,
    Map<String, Watched> dependencies,
    Map<String, Fronted> backends,
    Map<String, Peer> controls,
    Traffic traffic,
    InstantSource instants,
    LongSupplier nanos) {

  /** Of one dependency. */
  Scene of(Watched watched) {
    Dependency d = watched.dependency;
    return new Scene(
        d.id(),
        watched.climbs(),
        d.network(),
        configuration.networks(),
        peers(d.id()),
        report(d.id()),
        traffic.read(d.id()),
        watched.sessions(),
        watched.judgeable(nanos.getAsLong()),
        watched.verdict(),
        instants.instant());
  }

  private List<Peer> peers(String subject) {
    List<Peer> peers = new ArrayList<>(controls.values());
    for (Watched other : dependencies.values()) {
      Climb last = other.last();
      if (!other.dependency.id().equals(subject) && last != null) {
        peers.add(new Peer(other.dependency.id(), other.dependency.network(), last));
      }
    }
    return peers;
  }

  /** What a backend that needs the dependency says; a complaint before a good word. */
  private @Nullable Report report(String dependencyId) {
    Report found = null;
    for (Fronted fronted : backends.values()) {
      Report report = fronted.report();
      boolean speaks = report != null && report.health();
      if (speaks && fronted.backend.dependsOn().contains(dependencyId)) {
        found = found == null || (report != null && !report.ok()) ? report : found;
      }
    }
    return found;
  }

  /** Of one backend. */
  BackendScene of(Fronted fronted) {
    List<Needed> needed = new ArrayList<>();
    for (String id : fronted.backend.dependsOn()) {
      Watched watched = dependencies.get(id);
      if (watched != null) {
        needed.add(watched.needed(fronted.failingSince()));
      }
    }
    return new BackendScene(
        fronted.backend.id(),
        fronted.backend.sharesNetwork(),
        fronted.report(),
        fronted.agreeing(),
        fronted.excused(),
        fronted.pool(),
        traffic.read(fronted.backend.id()),
        needed,
        fronted.verdict(),
        instants.instant(),
        fronted.revision(),
        traffic.spared(fronted.backend.id()));
  }
}
