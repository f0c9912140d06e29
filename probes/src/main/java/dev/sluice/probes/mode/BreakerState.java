package dev.sluice.probes.mode;

import java.util.Locale;

/** The state of one breaker. */
public enum BreakerState {
  CLOSED,
  OPEN,
  HALF_OPEN;

  /** As it is written in reports: {@code half-open}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
