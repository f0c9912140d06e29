package dev.sluice.gateway.admin;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.agent.ReportReader;
import dev.sluice.probes.monitor.AgentReport;
import dev.sluice.probes.verdict.Climb;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Takes what agents saw beside the backends. */
final class SampleDesk {
  static final String PATH = "/-/samples";

  private final AdminSources sources;

  SampleDesk(AdminSources sources) {
    this.sources = sources;
  }

  /** Takes one report, whose sender has been let in. */
  Mono<Reply> take(AdminDesk.Question q) {
    if (q.length() < 0) {
      return Mono.just(Reply.problem(411, "The length is needed", "Send Content-Length."));
    }
    if (q.length() > ReportReader.MOST_BYTES) {
      return Mono.just(
          Reply.problem(
              413,
              "The report is too long",
              "It has " + ReportReader.MOST_BYTES + " bytes at most."));
    }
    return q.body().map(this::taken);
  }

  private Reply taken(byte[] json) {
    AgentReport report;
    try {
      report = ReportReader.read(json, sources.instant());
    } catch (IllegalArgumentException e) {
      return Reply.problem(400, "The report is not understood", String.valueOf(e.getMessage()));
    }
    List<String> unknown =
        report.climbs().stream().map(Climb::targetId).filter(id -> !known(id)).distinct().toList();
    sources.told(report);
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("taken", report.climbs().size() - unknown.size());
    out.put("unknown", unknown);
    return Reply.json(out);
  }

  private boolean known(String id) {
    Configuration running = sources.configuration();
    return running.dependency(id).isPresent()
        || running.controls().stream().anyMatch(control -> control.id().equals(id));
  }
}
