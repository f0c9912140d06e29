package dev.sluice.probes.monitor;

import dev.sluice.probes.verdict.Climb;
import java.util.List;

/**
 * What one agent beside a backend saw since its last report.
 *
 * @param agent its name, by which several are told apart
 * @param climbs of dependencies and controls, in the order in which they ended
 */
public record AgentReport(String agent, List<Climb> climbs) {
  public AgentReport {
    climbs = List.copyOf(climbs);
  }
}
