package dev.sluice.gateway.health;

import dev.sluice.config.Configuration;
import dev.sluice.config.Enforcement;
import dev.sluice.config.Route;
import dev.sluice.probes.mode.Posture;

/** What can still be done for clients: forward, serve a copy, or accept a write. */
final class Usefulness {
  private Usefulness() {}

  /**
   * True while at least one route can do something. A configuration without proxy routes asks for
   * nothing but health answers, which always work.
   */
  static boolean any(Posture posture, Configuration configuration, Situation situation) {
    boolean none = true;
    for (Route route : configuration.routes()) {
      if (route.kind() == Route.Kind.PROXY) {
        if (useful(route, posture, configuration, situation)) {
          return true;
        }
        none = false;
      }
    }
    return none;
  }

  private static boolean useful(
      Route route, Posture posture, Configuration configuration, Situation situation) {
    return situation.passthrough()
        || route.mode() == Enforcement.OBSERVE
        || !posture.closed(route, configuration.dependenciesOf(route))
        || (route.reads() != null && situation.anyCopies())
        || (route.writes() != null && situation.storeHealthy());
  }
}
