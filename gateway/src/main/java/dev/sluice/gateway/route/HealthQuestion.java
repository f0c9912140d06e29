package dev.sluice.gateway.route;

/** What a health check asks about. */
public enum HealthQuestion {
  REPORT,
  LIVE,
  READY,
  STARTUP,
  /** A route of kind health, before the backend's own health path. */
  ROUTE
}
