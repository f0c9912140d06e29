package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.config.Enforcement;
import dev.sluice.config.Reads;
import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import dev.sluice.gateway.health.Words;
import dev.sluice.gateway.route.Decider;
import dev.sluice.gateway.route.Matched;
import dev.sluice.probes.map.DependencyMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What each route does while something that it may need is down: as {@link Forecast} tells it,
 * route by route. Pure.
 */
final class Without {
  /** The ways in which a route works, the best first. */
  enum Way {
    AS_EVER("as ever"),
    COPIES("from copies"),
    HELD("held"),
    REFUSED("refused");

    final String words;

    Way(String words) {
      this.words = words;
    }
  }

  /**
   * One route, for requests of these methods.
   *
   * @param words what becomes of them, and for how long
   */
  record Line(String route, String methods, Way way, String words) {}

  private final Configuration configuration;
  private final Set<String> lost;

  private Without(Configuration configuration, Set<String> lost) {
    this.configuration = configuration;
    this.lost = lost;
  }

  /** Ids that something can be without: of dependencies, networks and backends. */
  static List<String> known(Configuration configuration) {
    return Stream.of(
            configuration.dependencies().stream().map(each -> each.id()),
            configuration.networks().stream().map(each -> each.id()),
            configuration.backends().stream().map(each -> each.id()))
        .flatMap(ids -> ids)
        .toList();
  }

  /**
   * The routes in their order, those that read and write twice.
   *
   * @param down of {@link #known}; with a network all is lost that is reached over it
   */
  static List<Line> of(Configuration configuration, List<String> down) {
    DependencyMap map = new DependencyMap(configuration);
    Set<String> lost = new LinkedHashSet<>(down);
    configuration.dependencies().stream()
        .filter(dependency -> map.networks(dependency.id()).stream().anyMatch(lost::contains))
        .forEach(dependency -> lost.add(dependency.id()));
    Without without = new Without(configuration, lost);
    return configuration.routes().stream().flatMap(without::lines).toList();
  }

  private Stream<Line> lines(Route route) {
    Matched matched =
        configuration
            .backend(route.backend())
            .map(backend -> Matched.of(route, backend, configuration.dependenciesOf(route)))
            .orElseThrow();
    if (matched.rewriting().instead() != null) {
      String own = "answered by the gateway itself";
      return Stream.of(new Line(route.id(), methods(route, null), Way.AS_EVER, own));
    }
    if (route.kind() == Route.Kind.HEALTH) {
      String words = Forecast.closed(configuration, matched, "GET", false, false);
      return Stream.of(new Line(route.id(), methods(route, null), Way.AS_EVER, words));
    }
    if (!closed(matched)) {
      return Stream.of(new Line(route.id(), methods(route, null), Way.AS_EVER, spared(route)));
    }
    List<Line> lines = new ArrayList<>();
    if (takes(route, true)) {
      lines.add(read(matched));
    }
    if (takes(route, false)) {
      lines.add(write(matched));
    }
    return lines.stream();
  }

  private boolean closed(Matched matched) {
    return lost.contains(matched.backend().id())
        || matched.dependencies().stream().anyMatch(lost::contains);
  }

  /** Why a route works on that uses what is lost. */
  private String spared(Route route) {
    List<String> missed = configuration.usedBy(route).stream().filter(lost::contains).toList();
    return missed.isEmpty()
        ? Way.AS_EVER.words
        : "forwarded: it does without " + String.join(", ", missed);
  }

  private static boolean takes(Route route, boolean safe) {
    return route.match().methods().isEmpty()
        || route.match().methods().stream().anyMatch(method -> Decider.safe(method) == safe);
  }

  private static String methods(Route route, @Nullable Boolean safe) {
    List<String> methods =
        route.match().methods().stream()
            .filter(method -> safe == null || Decider.safe(method) == safe)
            .sorted()
            .toList();
    if (!methods.isEmpty()) {
      return String.join(", ", methods);
    }
    return safe == null ? "all methods" : safe ? "reads" : "writes";
  }

  private Line read(Matched matched) {
    Route route = matched.route();
    String methods = methods(route, true);
    String missing = Forecast.closed(configuration, matched, "GET", false, false);
    Reads reads = route.reads();
    String copied = Forecast.closed(configuration, matched, "GET", true, false);
    if (reads == null || copied.equals(missing)) {
      return new Line(route.id(), methods, way(route, missing), missing);
    }
    String age = Words.of(reads.maxStale());
    String limit =
        reads.cache() == Reads.Caching.STANDARD ? age + " past its freshness" : age + " old";
    String words = copied + ", up to " + limit + "; without one: " + missing;
    return new Line(route.id(), methods, Way.COPIES, words);
  }

  private Line write(Matched matched) {
    Route route = matched.route();
    String method =
        route.match().methods().stream()
            .filter(m -> !Decider.safe(m))
            .sorted()
            .findFirst()
            .orElse("POST");
    String plain = Forecast.closed(configuration, matched, method, false, false);
    String asked = Forecast.closed(configuration, matched, method, false, true);
    Writes writes = route.writes();
    boolean held = writes != null && (Forecast.held(plain) || Forecast.held(asked));
    if (writes == null || !held) {
      return new Line(route.id(), methods(route, false), way(route, plain), plain);
    }
    String kept = " (for " + Words.of(writes.ttl()) + ")";
    String words = Forecast.held(plain) ? plain + kept : plain + "; asked so: " + asked + kept;
    return new Line(route.id(), methods(route, false), Way.HELD, words);
  }

  /** A route that only observes forwards all the same, to what is down. */
  private static Way way(Route route, String words) {
    boolean refused = words.startsWith("503") || route.mode() == Enforcement.OBSERVE;
    return refused ? Way.REFUSED : Way.AS_EVER;
  }
}
