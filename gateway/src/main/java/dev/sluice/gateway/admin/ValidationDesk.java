package dev.sluice.gateway.admin;

import dev.sluice.config.Validation.Schedule;
import dev.sluice.gateway.admin.AdminDesk.Question;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.gateway.validate.Validated;
import dev.sluice.probes.validation.Step;
import dev.sluice.probes.validation.Suite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * The validations that the gateway makes: {@code GET /validations} tells the last ones, {@code GET
 * /validations/ID} what the store keeps of a schedule, {@code POST /validations?suite=} asks for
 * one more.
 */
final class ValidationDesk {
  static final String PATH = "/validations";
  static final String BELOW = PATH + "/";

  private static final int MOST = 100;

  private final AdminSources sources;

  ValidationDesk(AdminSources sources) {
    this.sources = sources;
  }

  Reply list() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("busy", sources.validating());
    out.put(
        "schedules",
        sources.configuration().operation().validation().schedules().stream()
            .map(Schedule::id)
            .toList());
    out.put("latest", sources.validations().stream().map(ValidationDesk::told).toList());
    return Reply.json(out);
  }

  private static Map<String, Object> told(Revalidated each) {
    Validated validated = each.validated();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("trigger", each.trigger().name().toLowerCase(Locale.ROOT));
    out.put("subject", each.subject());
    out.put("begun", validated.begun().toString());
    out.put("verdict", validated.ruling().words());
    out.put("sentence", each.sentence());
    List<Object> steps = new ArrayList<>();
    for (Step step : validated.steps()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("step", step.name());
      one.put("subject", step.subject());
      one.put("outcome", step.outcome().label());
      one.put("sentence", step.sentence());
      steps.add(one);
    }
    out.put("steps", steps);
    return out;
  }

  /** {@code GET /validations/ID}: a JSON array, the newest first. */
  Mono<Reply> kept(Question q) {
    String id = q.path().substring(BELOW.length());
    boolean known =
        sources.configuration().operation().validation().schedules().stream()
            .anyMatch(schedule -> schedule.id().equals(id));
    return known
        ? Mono.fromFuture(() -> sources.keptValidations(id, MOST))
            .map(texts -> Reply.text("application/json", "[" + String.join(",", texts) + "]"))
        : Mono.just(AdminDesk.notFound());
  }

  /** {@code POST /validations}. */
  Reply ask(Question q) {
    Suite suite =
        switch (q.query().getOrDefault("suite", "quick")) {
          case "basic" -> Suite.BASIC;
          case "performance" -> Suite.PERFORMANCE;
          case "quick", "comprehensive" -> Suite.QUICK;
          case "full" -> Suite.FULL;
          default -> null;
        };
    if (suite == null) {
      return Reply.problem(
          400, "The query is not understood", "suite is basic, performance, quick or full.");
    }
    return sources.validate(suite)
        ? Reply.json(Map.of("asked", suite.name().toLowerCase(Locale.ROOT)))
        : Reply.problem(409, "There is none now", "The same waits already, or too many do.");
  }
}
