package dev.sluice.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold between the parts of a whole configuration. */
final class WholeRules {
  private final Problems problems;
  private final Configuration whole;

  private WholeRules(Problems problems, Configuration whole) {
    this.problems = problems;
    this.whole = whole;
  }

  static void check(Reading reading, Configuration whole, Place port) {
    WholeRules rules = new WholeRules(reading.problems(), whole);
    rules.networksEnd();
    rules.routesDiffer();
    rules.routesAreReached();
    rules.portsDiffer(port);
  }

  private void networksEnd() {
    for (Network network : whole.networks()) {
      Set<String> seen = new HashSet<>();
      Optional<Network> at = Optional.of(network);
      while (at.isPresent() && seen.add(at.get().id())) {
        String through = at.get().through();
        at = through == null ? Optional.empty() : whole.network(through);
      }
      if (at.isPresent()) {
        problems.error(
            network.place(), "a network runs through itself", "cut the circle of through");
      }
    }
  }

  private void routesDiffer() {
    Map<String, Route> takers = new HashMap<>();
    for (Route route : whole.routes()) {
      Match match = formed(route);
      for (String method : match.methods().isEmpty() ? Set.of("") : match.methods()) {
        Route first = takers.putIfAbsent(method + " " + match.path(), route);
        if (first != null && !match.path().isEmpty()) {
          problems.error(
              route.place(),
              "this route takes the same requests as another",
              "the other is at " + first.place());
        }
      }
    }
  }

  private void routesAreReached() {
    PathTree<Route> tree = new PathTree<>();
    whole.routes().forEach(route -> tree.add(formed(route), route));
    for (Route route : whole.routes()) {
      Route taker = tree.shadow(formed(route));
      if (taker != null) {
        problems.warn(
            route.place(),
            "no request reaches this route: more specific ones take them all",
            "the last are taken by the one at " + taker.place());
      }
    }
  }

  /** As requests are matched, so that two spellings of one path are the same. */
  private static Match formed(Route route) {
    Match formed = route.match().formed();
    return formed == null ? route.match() : formed;
  }

  private void portsDiffer(Place place) {
    int port = whole.listen().port();
    if (port != 0 && port == whole.admin().port() && !whole.admin().onMain()) {
      problems.error(place, "listen and admin have the same port", "give one of them another");
    }
  }
}
