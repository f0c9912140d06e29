package dev.sluice.probes.mode;

import java.util.Locale;

/** How much of the service stands, from best to worst. */
public enum ServiceMode {
  FULL,
  DB_DEGRADED,
  INFRA_FAILURE;

  /** As it is written in headers and reports: {@code db-degraded}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
