package dev.sluice.probes.mode;

import java.util.Locale;

/** How much of the service stands, from best to worst. */
public enum ServiceMode {
  FULL,
  DB_DEGRADED,
  INFRA_FAILURE;

  /** The worse of two. */
  ServiceMode worse(ServiceMode other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** As it is written in headers and reports: {@code db-degraded}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
