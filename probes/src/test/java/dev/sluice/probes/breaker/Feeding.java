package dev.sluice.probes.breaker;

import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Reach;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.probes.verdict.Verdict;
import java.time.Instant;
import java.util.List;

/** What tests feed to breakers: climbs of the dependency db, and requests to the backend orders. */
final class Feeding {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  static final List<String> DB = List.of("db");

  private Feeding() {}

  static void fail(Breakers breakers, Failure failure, int times) {
    for (int i = 0; i < times; i++) {
      breakers.permit("orders", DB).failed(failure);
    }
  }

  static void good(Breakers breakers, int times) {
    climbs(breakers, null, Vantage.SHARED, times);
  }

  static void bad(Breakers breakers, Vantage vantage, int times) {
    climbs(breakers, Signal.REFUSED, vantage, times);
  }

  static void climbs(Breakers breakers, String signal, Vantage vantage, int times) {
    Climb climb =
        signal == null
            ? new Climb("db", NOW, vantage, List.of(Sample.good("db", Rung.TCP, vantage, 1)))
            : climb(vantage, Rung.TCP, signal, null);
    for (int i = 0; i < times; i++) {
      breakers.climbed(climb, verdict(Cause.INFRASTRUCTURE, Detail.SERVER_REFUSING));
    }
  }

  static Climb climb(Vantage vantage, Rung rung, String signal, String state) {
    Sample sample =
        new Sample("db", rung, vantage, false, 1, null, List.of(), state, false, null, signal);
    return new Climb("db", NOW, vantage, List.of(sample));
  }

  static Verdict verdict(Cause cause, Detail detail) {
    return new Verdict("db", cause, detail, 1, List.of(), "", "", "infrastructure", NOW, null);
  }

  static BackendHealth answered(int status) {
    return BackendHealth.answered(NOW, status, "", List.of(), null);
  }

  static BackendHealth unanswered(Reach reach) {
    return BackendHealth.unanswered(NOW, reach, "");
  }
}
