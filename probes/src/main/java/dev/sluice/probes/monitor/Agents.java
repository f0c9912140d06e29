package dev.sluice.probes.monitor;

import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.probes.verdict.Classifier;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Peer;
import dev.sluice.probes.verdict.Scene;
import dev.sluice.probes.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What agents beside the backends report; used by the monitor's thread alone. */
final class Agents {
  private static final int MOST = 64;

  private final LongSupplier nanos;
  private final Map<String, Beside> dependencies = new HashMap<>();

  /** By agent, the last climb of each of its targets. */
  private final Map<String, Map<String, Peer>> peers = new LinkedHashMap<>();

  Agents(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Takes note of all targets of a report, as company of each other. */
  void take(AgentReport report, Configuration configuration) {
    Map<String, Peer> own = peers.computeIfAbsent(report.agent(), agent -> new LinkedHashMap<>());
    for (Climb climb : report.climbs()) {
      String id = climb.targetId();
      configuration.dependency(id).ifPresent(d -> own.put(id, new Peer(id, d.network(), climb)));
      control(configuration, id).ifPresent(c -> own.put(id, new Peer(id, c.network(), climb)));
    }
    if (peers.size() > MOST) {
      peers.remove(peers.keySet().iterator().next());
    }
  }

  private static Optional<Control> control(Configuration configuration, String id) {
    return configuration.controls().stream().filter(c -> c.id().equals(id)).findFirst();
  }

  /** Takes one climb of a dependency; the agent's view with it. */
  Beside.Seen seen(Dependency dependency, String agent, Climb climb) {
    List<Peer> others = new ArrayList<>(peers.getOrDefault(agent, Map.of()).values());
    others.removeIf(peer -> peer.id().equals(dependency.id()));
    return dependencies
        .computeIfAbsent(dependency.id(), id -> new Beside(dependency.interval()))
        .add(agent, climb, others, nanos.getAsLong());
  }

  /** The view that counts; null where no agent was heard lately. */
  Beside.@Nullable Seen telling(Dependency dependency) {
    Beside beside = dependencies.get(dependency.id());
    return beside == null ? null : beside.telling(nanos.getAsLong());
  }

  /** The verdict from beside the backend, in an otherwise known scene. */
  Verdict judge(Scene here, Beside.Seen seen) {
    Verdict verdict =
        Classifier.judge(
            new Scene(
                here.subject(),
                seen.climbs,
                here.network(),
                here.networks(),
                seen.peers,
                here.report(),
                here.passive(),
                here.sessions(),
                seen.wellOnce || here.proven(),
                seen.verdict,
                here.now()));
    seen.verdict = verdict;
    return verdict;
  }
}
