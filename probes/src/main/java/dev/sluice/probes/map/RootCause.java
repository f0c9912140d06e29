package dev.sluice.probes.map;

import dev.sluice.config.Network;
import dev.sluice.probes.map.DependencyMap.Kind;
import dev.sluice.probes.map.DependencyMap.Node;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One fault, with all that follows from it. Dependencies that are lost over the same broken network
 * share theirs; a backend that fails while a dependency of its is at fault has that one's, unless
 * the application is to blame and the dependency's fault is not the application's as well.
 *
 * @param verdict the surest of those that share it
 * @param subjects ids of the dependencies and backends that it explains, the verdict's own first
 * @param networks ids of the networks that are broken by the verdict; empty where none is
 * @param routes ids of the routes that need any of them, in the order of the route files
 */
public record RootCause(
    Verdict verdict, List<String> subjects, List<String> networks, List<String> routes) {
  private static final Set<Detail> WAYS =
      Set.of(Detail.EGRESS, Detail.VPC_PATH, Detail.SERVICE_ACCESS);

  private static final Comparator<RootCause> WORST_FIRST =
      Comparator.<RootCause>comparingInt(root -> rank(root.verdict().cause()))
          .thenComparing(root -> -root.verdict().confidence());

  public RootCause {
    subjects = List.copyOf(subjects);
    networks = List.copyOf(networks);
    routes = List.copyOf(routes);
  }

  /** All faults of a posture, each once, the worst first; empty while nobody is to blame. */
  public static List<RootCause> of(DependencyMap map, Posture posture) {
    Search search = new Search(map, posture);
    posture.dependencies().values().forEach(d -> search.dependency(d.verdict()));
    posture.backends().values().forEach(b -> search.backend(b.verdict()));
    return search.found.values().stream()
        .map(found -> found.whole(map))
        .sorted(WORST_FIRST)
        .toList();
  }

  /** Puts verdicts that share a root together. */
  private static final class Search {
    final Map<String, Found> found = new LinkedHashMap<>();
    private final DependencyMap map;
    private final Posture posture;

    Search(DependencyMap map, Posture posture) {
      this.map = map;
      this.posture = posture;
    }

    void dependency(Verdict verdict) {
      if (verdict.cause() != Cause.NONE) {
        at(root(verdict)).dependencies.add(verdict);
      }
    }

    /** A broken network is the fault of all that are lost over it. */
    private String root(Verdict verdict) {
      List<String> way = map.networks(verdict.subject());
      String outermost = way.isEmpty() ? "" : way.get(way.size() - 1);
      return WAYS.contains(verdict.detail())
          ? "network " + verdict.detail() + " " + outermost
          : "dependency " + verdict.subject();
    }

    void backend(Verdict verdict) {
      if (verdict.cause() == Cause.NONE) {
        return;
      }
      Verdict excuse = excuse(verdict);
      String root = excuse == null ? "backend " + verdict.subject() : root(excuse);
      at(root).backends.add(verdict);
    }

    private @Nullable Verdict excuse(Verdict verdict) {
      for (String id : map.dependenciesOf(verdict.subject())) {
        DependencyStatus dependency = posture.dependencies().get(id);
        if (dependency != null && excuses(dependency.verdict(), verdict)) {
          return dependency.verdict();
        }
      }
      return null;
    }

    private static boolean excuses(Verdict dependency, Verdict backend) {
      return dependency.cause() != Cause.NONE
          && (backend.cause() != Cause.APPLICATION || dependency.cause() == Cause.APPLICATION);
    }

    private Found at(String root) {
      return found.computeIfAbsent(root, key -> new Found());
    }
  }

  /** Verdicts that share a root. */
  private static final class Found {
    final List<Verdict> dependencies = new ArrayList<>();
    final List<Verdict> backends = new ArrayList<>();

    RootCause whole(DependencyMap map) {
      List<Verdict> first = dependencies.isEmpty() ? backends : dependencies;
      Verdict surest = Collections.max(first, Comparator.comparingDouble(Verdict::confidence));
      Set<String> subjects = new LinkedHashSet<>(List.of(surest.subject()));
      Set<String> routes = new LinkedHashSet<>();
      add(map, Kind.DEPENDENCY, dependencies, subjects, routes);
      add(map, Kind.BACKEND, backends, subjects, routes);
      return new RootCause(surest, List.copyOf(subjects), broken(map, surest), map.inOrder(routes));
    }

    private static List<String> broken(DependencyMap map, Verdict verdict) {
      return map.networks(verdict.subject()).stream()
          .filter(network -> breaks(verdict.detail(), map.kind(network)))
          .toList();
    }

    private static boolean breaks(Detail detail, Network.Kind kind) {
      return switch (detail) {
        case EGRESS -> true;
        case SERVICE_ACCESS -> kind == Network.Kind.PRIVATE_SERVICE_ACCESS;
        case VPC_PATH -> kind == Network.Kind.VPC_CONNECTOR || kind == Network.Kind.OTHER;
        default -> false;
      };
    }

    private static void add(
        DependencyMap map,
        Kind kind,
        List<Verdict> verdicts,
        Set<String> subjects,
        Set<String> routes) {
      for (Verdict verdict : verdicts) {
        subjects.add(verdict.subject());
        routes.addAll(map.routesOver(new Node(kind, verdict.subject())));
      }
    }
  }

  private static int rank(Cause cause) {
    return switch (cause) {
      case INFRASTRUCTURE -> 0;
      case APPLICATION -> 1;
      case UNKNOWN -> 2;
      case NONE -> 3;
    };
  }
}
