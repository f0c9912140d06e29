package dev.sluice.gateway.app;

import dev.sluice.gateway.proxy.ExchangeObserver;
import dev.sluice.gateway.telemetry.Telemetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts every exchange, and logs those that the gateway or the backend failed. */
final class TrafficLog implements ExchangeObserver {
  private static final Logger ACCESS = LoggerFactory.getLogger("sluice.access");
  private static final Logger FAULTS = LoggerFactory.getLogger("sluice.fault");

  private final Telemetry telemetry;

  TrafficLog(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public void ended(
      String routeId, Outcome outcome, String method, String path, int status, long nanos) {
    telemetry.request(routeId, outcome.label(), status, nanos);
    switch (outcome) {
      case STORED_COPY -> telemetry.copyServed(routeId);
      case QUEUED -> telemetry.writeAccepted(routeId);
      case UPSTREAM_FAILED -> ACCESS.warn("{} {} {} {}", method, path, status, outcome.label());
      default -> ACCESS.debug("{} {} {} {}", method, path, status, outcome.label());
    }
  }

  @Override
  public void upstream(String backendId, long nanos) {
    telemetry.upstream(backendId, nanos);
  }

  @Override
  public void differed(String routeId, String decision) {
    telemetry.differed(routeId, decision);
    ACCESS.info("route {} observes: {} instead of forward", routeId, decision);
  }

  @Override
  public void fault(String where, Throwable cause) {
    FAULTS.error("a fault in {}; the request was forwarded or refused", where, cause);
  }
}
