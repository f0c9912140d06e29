package dev.sluice.config;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
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
    List<Route> routes = whole.routes();
    for (int i = 0; i < routes.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (sameRequests(routes.get(i).match(), routes.get(j).match())) {
          problems.error(
              routes.get(i).place(),
              "this route takes the same requests as another",
              "the other is at " + routes.get(j).place());
        }
      }
    }
  }

  private static boolean sameRequests(Match a, Match b) {
    boolean both = a.methods().isEmpty() && b.methods().isEmpty();
    return !a.path().isEmpty()
        && a.path().equals(b.path())
        && (both || !Collections.disjoint(a.methods(), b.methods()));
  }

  private void portsDiffer(Place place) {
    int port = whole.listen().port();
    if (port != 0 && port == whole.admin().port()) {
      problems.error(place, "listen and admin have the same port", "give one of them another");
    }
  }
}
