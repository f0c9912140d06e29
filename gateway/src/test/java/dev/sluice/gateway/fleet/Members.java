package dev.sluice.gateway.fleet;

import dev.sluice.gateway.alerts.Alarm;
import dev.sluice.gateway.alerts.Alarm.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Short ways to what gateways see. */
final class Members {
  static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  private Members() {}

  static Alarm alarm(String key, String detail, boolean fading) {
    return new Alarm(
        key,
        List.of(key, "app"),
        Severity.CRITICAL,
        "infrastructure",
        "INFRASTRUCTURE",
        detail,
        .9,
        "The way is broken.",
        List.of("it was refused"),
        "Mend it",
        List.of("ping"),
        List.of("orders"),
        List.of("nobody can order"),
        NOON,
        fading);
  }

  static Member member(String id, boolean leads, Set<String> unknown, Alarm... alarms) {
    return new Member(
        id, "gateway/" + id, leads, NOON, "full", List.of(alarms), unknown, List.of());
  }

  static Member member(String id, Alarm... alarms) {
    return member(id, false, Set.of(), alarms);
  }
}
