package dev.sluice.gateway.health;

import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.fallback.cache.Runway;
import dev.sluice.fallback.replay.Progress;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Tier;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code checks} member, keyed {@code component:measurement}. */
final class Checks {
  private Checks() {}

  /** Everything, by the names of the route file. */
  static Map<String, Object> named(Posture posture, Configuration configuration) {
    Map<String, Object> checks = new LinkedHashMap<>();
    for (DependencyStatus d : posture.dependencies().values()) {
      boolean required = configuration.dependency(d.id()).map(Dependency::required).orElse(true);
      dependency(checks, d, required);
    }
    posture.backends().values().forEach(b -> backend(checks, b));
    return checks;
  }

  /** One status for each component, its name left out. */
  static Map<String, Object> nameless(Posture posture) {
    Map<String, Object> checks = new LinkedHashMap<>();
    List<Object> dependencies = new ArrayList<>();
    for (DependencyStatus d : posture.dependencies().values()) {
      dependencies.add(Map.of("status", status(d.verdict(), d.breaker(), true)));
    }
    List<Object> backends = new ArrayList<>();
    for (BackendStatus b : posture.backends().values()) {
      Map<String, Object> check = new LinkedHashMap<>();
      check.put("status", status(b.verdict(), b.breaker(), true));
      BackendHealth own = b.lastHealth();
      if (own != null) {
        check.put("observedValue", own.status());
        check.put("time", own.at().toString());
      }
      backends.add(check);
    }
    if (!dependencies.isEmpty()) {
      checks.put("dependency:verdict", dependencies);
    }
    if (!backends.isEmpty()) {
      checks.put("backend:health", backends);
    }
    return checks;
  }

  /** For how many seconds stored answers last in an outage, route by route. */
  static void runways(Map<String, Object> checks, List<Runway> runways, boolean named) {
    List<Object> all = new ArrayList<>();
    for (Runway runway : runways) {
      Map<String, Object> check = check("component", runway.copies() > 0 ? "pass" : "warn");
      if (named) {
        check.put("componentId", runway.routeId());
        check.put("copies", runway.copies());
        check.put("first", runway.first().toSeconds());
      }
      check.put("observedValue", runway.last().toSeconds());
      check.put("observedUnit", "s");
      all.add(check);
    }
    if (!all.isEmpty()) {
      checks.put("cache:runway", all);
    }
  }

  /** How many held writes are left, how many ended, how fast, and when the last will have. */
  static void replay(Map<String, Object> checks, Progress progress, boolean named) {
    if (progress.left() == 0) {
      return;
    }
    Map<String, Object> check = check("component", "warn");
    check.put("observedValue", progress.left());
    check.put("observedUnit", "writes");
    if (named) {
      check.put("done", progress.done());
      check.put("per-second", Math.round(progress.perSecond() * 10) / 10.0);
      Duration remaining = progress.remaining();
      if (remaining != null) {
        check.put("remaining-seconds", remaining.toSeconds());
      }
    }
    checks.put("queue:replay", List.of(check));
  }

  private static void dependency(Map<String, Object> checks, DependencyStatus d, boolean required) {
    Map<String, Object> verdict = check("datastore", status(d.verdict(), d.breaker(), required));
    verdict.put("verdict", Bodies.verdict(d.verdict(), true));
    verdict.put("required", required);
    verdict.put("proven", d.proven());
    verdict.put("well-once", d.wellOnce());
    verdict.put("read-only", d.readOnly());
    checks.put(d.id() + ":verdict", List.of(verdict));
    checks.put(d.id() + ":breaker", List.of(breaker("datastore", d.breaker())));
    Climb climb = d.lastClimb();
    if (climb != null) {
      for (Tier tier : Tier.values()) {
        tier(checks, d.id(), climb, tier);
      }
    }
  }

  private static void tier(Map<String, Object> checks, String id, Climb climb, Tier tier) {
    List<Sample> samples = climb.samples().stream().filter(s -> s.rung().tier() == tier).toList();
    if (samples.isEmpty()) {
      return;
    }
    boolean ok = samples.stream().allMatch(Sample::ok);
    Map<String, Object> check = check("datastore", ok ? "pass" : "fail");
    check.put("observedValue", samples.stream().mapToLong(Sample::millis).sum());
    check.put("observedUnit", "ms");
    check.put("time", climb.at().toString());
    check.put("vantage", Bodies.label(climb.vantage()));
    check.put("rungs", samples.stream().map(Bodies::rung).toList());
    checks.put(id + ":" + Bodies.label(tier), List.of(check));
  }

  private static void backend(Map<String, Object> checks, BackendStatus b) {
    Map<String, Object> verdict = check("component", status(b.verdict(), b.breaker(), true));
    verdict.put("verdict", Bodies.verdict(b.verdict(), true));
    verdict.put("mode", b.mode().label());
    checks.put(b.id() + ":verdict", List.of(verdict));
    checks.put(b.id() + ":breaker", List.of(breaker("component", b.breaker())));
    BackendHealth own = b.lastHealth();
    if (own != null) {
      Map<String, Object> check = check("component", own.ok() ? "pass" : "fail");
      check.put("observedValue", own.status());
      check.put("observedUnit", "HTTP status");
      check.put("time", own.at().toString());
      check.put("output", own.text());
      checks.put(b.id() + ":health", List.of(check));
    }
  }

  private static Map<String, Object> breaker(String type, BreakerState state) {
    String status =
        switch (state) {
          case CLOSED -> "pass";
          case HALF_OPEN -> "warn";
          case OPEN -> "fail";
        };
    Map<String, Object> check = check(type, status);
    check.put("observedValue", state.label());
    return check;
  }

  private static Map<String, Object> check(String type, String status) {
    Map<String, Object> check = new LinkedHashMap<>();
    check.put("status", status);
    check.put("componentType", type);
    return check;
  }

  private static String status(Verdict verdict, BreakerState breaker, boolean required) {
    if (breaker == BreakerState.OPEN || verdict.cause() != Cause.NONE) {
      return required ? "fail" : "warn";
    }
    boolean well = verdict.detail() == Detail.HEALTHY && breaker == BreakerState.CLOSED;
    return well ? "pass" : "warn";
  }
}
