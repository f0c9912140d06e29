package dev.sluice.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold between a shared store and the dependencies whose outages it is there for. */
final class StoreRules {
  private StoreRules() {}

  /** A store that is out of reach together with the database keeps nothing when it matters. */
  static void fate(Problems problems, Place place, Store store, Configuration whole) {
    if (store.acceptSharedFate()) {
      return;
    }
    List<String> ways = networks(whole, store.network());
    for (String id : standsInFor(whole)) {
      Dependency dependency = whole.dependency(id).orElse(null);
      if (dependency == null) {
        continue;
      }
      if (sameServer(store, dependency)) {
        refuse(problems, place, "the store is on the server of dependency " + id);
      } else if (networks(whole, dependency.network()).stream().anyMatch(ways::contains)) {
        refuse(problems, place, "the store shares the network of dependency " + id);
      }
    }
    if (store.network() == null && !whole.networks().isEmpty()) {
      problems.warn(
          place,
          "nothing says which network the way to the store runs over",
          "network: ID, so that a fate shared with a dependency is noticed");
    }
  }

  private static void refuse(Problems problems, Place place, String what) {
    problems.error(
        place,
        what + ": one outage takes both",
        "move it to another failure domain, or say accept-shared-fate: true");
  }

  private static boolean sameServer(Store store, Dependency dependency) {
    return dependency.target() instanceof Target.Postgres at
        && store.shared() != null
        && at.host().equals(store.shared().host())
        && at.port() == store.shared().port();
  }

  /** The dependencies of routes that queue. */
  private static Set<String> standsInFor(Configuration whole) {
    Set<String> ids = new HashSet<>();
    for (Route route : whole.routes()) {
      if (route.writes() != null) {
        ids.addAll(whole.dependenciesOf(route));
      }
    }
    return ids;
  }

  private static List<String> networks(Configuration whole, @Nullable String id) {
    List<String> way = new ArrayList<>();
    Optional<Network> at = id == null ? Optional.empty() : whole.network(id);
    while (at.isPresent() && !way.contains(at.get().id())) {
      way.add(at.get().id());
      String through = at.get().through();
      at = through == null ? Optional.empty() : whole.network(through);
    }
    return way;
  }
}
