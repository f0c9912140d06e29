package dev.sluice.gateway.admin;

import dev.sluice.gateway.alerts.Incident;
import dev.sluice.gateway.alerts.IncidentJson;
import dev.sluice.gateway.alerts.OutageReport;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Outages, those that last and those that have ended: as a list, and each with its report. */
final class OutageDesk {
  private static final String MARKDOWN = ".md";

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

  /**
   * One outage.
   *
   * @param name its id, with {@code .md} for the report in Markdown
   */
  Reply one(String name) {
    boolean markdown = name.endsWith(MARKDOWN);
    String id = markdown ? name.substring(0, name.length() - MARKDOWN.length()) : name;
    Instant now = sources.instant();
    Optional<Incident.View> found =
        Stream.concat(sources.outages().stream(), sources.endedOutages().stream())
            .filter(each -> each.id().equals(id))
            .findFirst();
    if (found.isEmpty()) {
      return Reply.problem(
          404, "There is no such outage", "GET /outages lists those that are known.");
    }
    return markdown
        ? Reply.text("text/markdown; charset=utf-8", OutageReport.markdown(found.get(), now))
        : Reply.json(IncidentJson.whole(found.get(), now));
  }
}
