package dev.sluice.gateway.init;

import java.util.ArrayList;
import java.util.List;

/** What cannot be seen with a first route file, and how it could. Pure. */
public final class BlindSpots {
  private BlindSpots() {}

  /** One sentence each, the worst first. */
  public static List<String> of(Findings found) {
    List<String> spots = new ArrayList<>();
    if (!found.database()) {
      spots.add(
          "Whether the database is at fault: none is named. Say --database URL, with a role that"
              + " may only connect: CREATE ROLE sluice_probe LOGIN CONNECTION LIMIT 2; GRANT"
              + " pg_monitor TO sluice_probe;");
    }
    if (!found.beside()) {
      spots.add(
          "The backend's own way to its database: "
              + found.backend().getHost()
              + " is another machine. Run ./sluice agent beside it, or have it send Sluice-Evidence"
              + " (docs/BACKENDS.md); as its sidecar Sluice sees that way itself"
              + " (docs/DEPLOYING.md).");
    }
    if (found.health() == null) {
      spots.add(
          "How the backend is by its own account: none of the usual health paths answered. Name"
              + " its own under backends[].health.");
    } else if (found.health().format().equals("status")) {
      spots.add(
          "Why the backend is unwell when it is: its health route answers a status alone. Spring"
              + " Boot's actuator with management.endpoint.health.show-details=always tells.");
    }
    spots.add(
        "Whether the network or the database is broken when the database is out of reach: that"
            + " takes a control, something else on the same network.");
    return spots;
  }
}
