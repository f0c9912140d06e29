package dev.sluice.gateway.cli;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.config.Control;
import dev.sluice.config.Dependency;
import dev.sluice.gateway.health.Bodies;
import dev.sluice.gateway.health.Json;
import dev.sluice.probes.map.DependencyMap;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.monitor.News;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Commands;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers a diagnosis: as one JSON document, and as an exit code. */
final class DiagnoseReport {
  private static final Map<Cause, Integer> CODES = new LinkedHashMap<>();

  static {
    CODES.put(Cause.INFRASTRUCTURE, Exit.INFRASTRUCTURE);
    CODES.put(Cause.APPLICATION, Exit.APPLICATION);
    CODES.put(Cause.UNKNOWN, Exit.UNKNOWN);
  }

  private final Configuration configuration;

  /** The rungs of each target, one list for each climb, the last one perhaps not finished. */
  private final Map<String, List<List<Object>>> climbs = new LinkedHashMap<>();

  private final Map<String, List<Object>> answers = new LinkedHashMap<>();
  private final Map<String, News.Judged> verdicts = new LinkedHashMap<>();

  DiagnoseReport(Configuration configuration) {
    this.configuration = configuration;
  }

  void take(News news) {
    if (news instanceof News.Seen seen) {
      List<List<Object>> own = climbs.computeIfAbsent(seen.subject(), id -> new ArrayList<>());
      while (own.size() < seen.climb()) {
        own.add(new ArrayList<>());
      }
      own.get(seen.climb() - 1).add(Bodies.rung(seen.sample()));
    } else if (news instanceof News.Answered answered) {
      answers
          .computeIfAbsent(answered.subject(), id -> new ArrayList<>())
          .add(answer(answered.answer()));
    } else if (news instanceof News.Judged judged) {
      verdicts.put(judged.subject(), judged);
    }
  }

  private static Map<String, Object> answer(BackendHealth answer) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("ok", answer.ok());
    out.put("reach", Bodies.label(answer.reach()));
    out.put("status", answer.status());
    out.put("text", answer.text());
    return out;
  }

  /** UNKNOWN while anything is not finished, else by the worst verdict, infrastructure first. */
  int exit() {
    if (!complete()) {
      return Exit.UNKNOWN;
    }
    return CODES.entrySet().stream()
        .filter(code -> verdicts.values().stream().anyMatch(j -> is(j, code.getKey())))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(Exit.OK);
  }

  private boolean complete() {
    return verdicts.values().stream().allMatch(News.Judged::complete);
  }

  private static boolean is(News.Judged judged, Cause cause) {
    return judged.verdict().cause() == cause;
  }

  String json() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("exit", exit());
    out.put("complete", complete());
    out.put(
        "dependencies",
        configuration.dependencies().stream()
            .map(Dependency::id)
            .filter(verdicts::containsKey)
            .map(this::dependency)
            .toList());
    out.put(
        "backends",
        configuration.backends().stream()
            .map(Backend::id)
            .filter(verdicts::containsKey)
            .map(this::backend)
            .toList());
    out.put(
        "controls",
        configuration.controls().stream()
            .map(Control::id)
            .filter(climbs::containsKey)
            .map(this::control)
            .toList());
    return Json.text(out);
  }

  private Map<String, Object> dependency(String id) {
    Map<String, Object> out = judged("dependency", id);
    out.put("climbs", climbs.getOrDefault(id, List.of()));
    return out;
  }

  private Map<String, Object> backend(String id) {
    Map<String, Object> out = judged("backend", id);
    out.put("answers", answers.getOrDefault(id, List.of()));
    return out;
  }

  private Map<String, Object> control(String id) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("control", id);
    out.put("climbs", climbs.getOrDefault(id, List.of()));
    return out;
  }

  private Map<String, Object> judged(String kind, String id) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put(kind, id);
    News.Judged judged = verdicts.get(id);
    if (judged != null) {
      out.put("complete", judged.complete());
      out.put("verdict", Bodies.verdict(judged.verdict(), true));
      out.put("commands", Commands.of(judged.verdict(), configuration));
      out.put("routes", new DependencyMap(configuration).routesOver(id));
    }
    return out;
  }
}
