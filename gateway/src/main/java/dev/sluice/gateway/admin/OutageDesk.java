package dev.sluice.gateway.admin;

import dev.sluice.gateway.alerts.Incident;
import dev.sluice.gateway.alerts.IncidentJson;
import dev.sluice.gateway.alerts.OutageReport;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Outages, those that last and those that have ended: as a list, and each with its report. */
final class OutageDesk {
  static final String RECORDING = "/recording";

  private static final String MARKDOWN = ".md";

  /** What leads to an outage, and what follows it, belongs to its recording. */
  private static final Duration BEFORE = Duration.ofMinutes(2);

  private static final Duration AFTER = Duration.ofMinutes(1);

  private final AdminSources sources;

  OutageDesk(AdminSources sources) {
    this.sources = sources;
  }

  Reply list() {
    Instant now = sources.instant();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("open", IncidentJson.of(sources.outages(), now));
    out.put("ended", IncidentJson.of(sources.endedOutages(), now));
    return Reply.json(out);
  }

  private Optional<Incident.View> known(String id) {
    return Stream.concat(sources.outages().stream(), sources.endedOutages().stream())
        .filter(each -> each.id().equals(id))
        .findFirst();
  }

  private static Reply unknown() {
    return Reply.problem(
        404, "There is no such outage", "GET /outages lists those that are known.");
  }

  /** All that is remembered, or {@code outage=ID} of it. */
  Mono<Reply> recording(AdminDesk.Question q) {
    String id = q.query().get("outage");
    if (id == null) {
      return recorded(Instant.EPOCH, sources.instant());
    }
    return known(id)
        .map(outage -> recorded(outage.begun().minus(BEFORE), end(outage).plus(AFTER)))
        .orElseGet(() -> Mono.just(unknown()));
  }

  private Instant end(Incident.View outage) {
    Instant ended = outage.ended();
    return ended == null ? sources.instant() : ended;
  }

  private Mono<Reply> recorded(Instant from, Instant to) {
    return Mono.fromCallable(() -> sources.recorded(from, to))
        .subscribeOn(Schedulers.boundedElastic())
        .map(lines -> new Reply(200, "application/x-ndjson", lines, Map.of()));
  }

  /**
   * One outage.
   *
   * @param name its id, with {@code .md} for the report in Markdown
   */
  Reply one(String name) {
    boolean markdown = name.endsWith(MARKDOWN);
    String id = markdown ? name.substring(0, name.length() - MARKDOWN.length()) : name;
    Instant now = sources.instant();
    Optional<Incident.View> found = known(id);
    if (found.isEmpty()) {
      return unknown();
    }
    return markdown
        ? Reply.text("text/markdown; charset=utf-8", OutageReport.markdown(found.get(), now))
        : Reply.json(IncidentJson.whole(found.get(), now));
  }
}
