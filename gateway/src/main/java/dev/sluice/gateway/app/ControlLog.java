package dev.sluice.gateway.app;

import dev.sluice.gateway.telemetry.Telemetry;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.MonitorListener;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs what the monitor finds: each change of mode, verdict and breaker once. */
final class ControlLog implements MonitorListener {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.monitor");

  private final Telemetry telemetry;

  ControlLog(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public void climbed(Climb climb, Verdict verdict) {
    telemetry.climbed(climb, verdict);
  }

  @Override
  public void changed(Posture before, Posture after) {
    telemetry.changed(before, after);
    if (before.mode() != after.mode()) {
      LOG.warn("mode {} after {}", after.mode().label(), before.mode().label());
    }
    if (!before.headline().sentence().equals(after.headline().sentence())) {
      LOG.warn("{} {}", after.headline().cause(), after.headline().sentence());
    }
  }

  @Override
  public void breaker(String id, BreakerState from, BreakerState to) {
    telemetry.breaker(id, from, to);
    LOG.warn("breaker {} {} after {}", id, to.label(), from.label());
  }
}
