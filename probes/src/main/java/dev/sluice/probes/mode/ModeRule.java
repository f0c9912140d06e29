package dev.sluice.probes.mode;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.config.Route;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which service mode the dependencies leave: of each backend, and of the gateway. Optional ones
 * never change it, and neither does a fault of the application or a backend's own breaker. A
 * half-open breaker counts as not open: its trials are requests that are let through.
 */
public final class ModeRule {
  private static final Set<Detail> NETWORKS =
      Set.of(Detail.EGRESS, Detail.VPC_PATH, Detail.SERVICE_ACCESS);
  private static final double SURE = .8;

  private ModeRule() {}

  /** The gateway's mode: the worst of its backends', and of what no backend is said to need. */
  public static ServiceMode of(
      Configuration configuration, Map<String, DependencyStatus> dependencies) {
    Set<String> unneeded = new HashSet<>();
    configuration.dependencies().forEach(d -> unneeded.add(d.id()));
    ServiceMode worst = ServiceMode.FULL;
    for (Backend backend : configuration.backends()) {
      worst = worst.worse(of(configuration, backend, dependencies));
      unneeded.removeAll(uses(configuration, backend));
    }
    return worst.worse(of(configuration, unneeded, dependencies));
  }

  /** One backend's mode, by what it or a route to it needs. */
  public static ServiceMode of(
      Configuration configuration, Backend backend, Map<String, DependencyStatus> dependencies) {
    return of(configuration, needs(configuration, backend), dependencies);
  }

  private static Set<String> needs(Configuration configuration, Backend backend) {
    Set<String> needs = new HashSet<>(configuration.dependenciesOf(backend));
    routes(configuration, backend).forEach(r -> needs.addAll(configuration.dependenciesOf(r)));
    return needs;
  }

  /** What it needs, and what it can do without. */
  private static Set<String> uses(Configuration configuration, Backend backend) {
    Set<String> uses = new HashSet<>(backend.dependsOn());
    routes(configuration, backend).forEach(r -> uses.addAll(configuration.usedBy(r)));
    return uses;
  }

  private static Stream<Route> routes(Configuration configuration, Backend backend) {
    return configuration.routes().stream().filter(r -> r.backend().equals(backend.id()));
  }

  /** Dependencies without a status are taken as not yet proven. */
  private static ServiceMode of(
      Configuration configuration, Set<String> ids, Map<String, DependencyStatus> dependencies) {
    List<Dependency> required =
        configuration.dependencies().stream()
            .filter(d -> d.required() && ids.contains(d.id()))
            .toList();
    List<Dependency> down =
        required.stream().filter(d -> infrastructureDown(dependencies.get(d.id()))).toList();
    boolean network = down.stream().anyMatch(d -> networkFault(dependencies.get(d.id())));
    if (network || onSeveralNetworks(down)) {
      return ServiceMode.INFRA_FAILURE;
    }
    boolean degraded = required.stream().anyMatch(d -> degraded(dependencies.get(d.id())));
    return degraded ? ServiceMode.DB_DEGRADED : ServiceMode.FULL;
  }

  /** The worst of all verdicts; infrastructure before application before unknown. */
  public static Verdict headline(
      Collection<DependencyStatus> dependencies, Collection<BackendStatus> backends, Verdict well) {
    Comparator<Verdict> worse =
        Comparator.comparingInt((Verdict v) -> weight(v.cause()))
            .thenComparingDouble(Verdict::confidence);
    return Stream.concat(
            dependencies.stream().map(DependencyStatus::verdict),
            backends.stream().map(BackendStatus::verdict))
        .filter(v -> v.detail() != Detail.HEALTHY)
        .reduce((a, b) -> worse.compare(a, b) >= 0 ? a : b)
        .orElse(well);
  }

  private static int weight(Cause cause) {
    return switch (cause) {
      case INFRASTRUCTURE -> 3;
      case APPLICATION -> 2;
      case UNKNOWN -> 1;
      case NONE -> 0;
    };
  }

  private static boolean open(DependencyStatus status) {
    return status.breaker() == BreakerState.OPEN;
  }

  private static boolean infrastructureDown(@Nullable DependencyStatus status) {
    return status != null && open(status) && status.verdict().cause() == Cause.INFRASTRUCTURE;
  }

  private static boolean networkFault(@Nullable DependencyStatus status) {
    return status != null
        && NETWORKS.contains(status.verdict().detail())
        && status.verdict().confidence() >= SURE;
  }

  private static boolean onSeveralNetworks(List<Dependency> down) {
    Set<String> networks = new HashSet<>();
    for (Dependency d : down) {
      networks.add(d.network() == null ? "" : d.network());
    }
    return networks.size() > 1;
  }

  private static boolean degraded(@Nullable DependencyStatus status) {
    return status == null || open(status) || !status.proven() || status.readOnly();
  }
}
