package dev.sluice.gateway.admin;

import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.CopyStats;
import dev.sluice.fallback.cache.Runway;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.fallback.replay.Progress;
import dev.sluice.gateway.alerts.Incident;
import dev.sluice.gateway.health.Html;
import dev.sluice.gateway.health.Situation;
import dev.sluice.gateway.health.Words;
import dev.sluice.gateway.reload.ReloadOutcome;
import dev.sluice.probes.map.DependencyMap;
import dev.sluice.probes.map.RootCause;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The sections of the status page, each a piece of HTML under its id: what is wrong at the top,
 * then what it concerns, then everything else.
 */
final class StatusPage {
  private static final int LAST_OUTAGES = 5;
  private static final List<String> LINKS =
      List.of(
          "health",
          "verdict",
          "dependencies",
          "outages",
          "queue",
          "cache",
          "fleet",
          "metrics",
          "-/reload");

  private final AdminSources sources;
  private final Posture posture;
  private final Configuration configuration;
  private final Map<String, String> sections = new LinkedHashMap<>();
  private Html html = new Html();
  private StatusTargets targets;

  private StatusPage(AdminSources sources) {
    this.sources = sources;
    this.posture = sources.posture();
    this.configuration = sources.configuration();
    this.targets = new StatusTargets(html, sources, posture, configuration);
  }

  static String title(AdminSources sources) {
    return "Sluice: " + sources.posture().mode().label();
  }

  /** In their order. */
  static Map<String, String> sections(AdminSources sources) {
    StatusPage page = new StatusPage(sources);
    page.section("headline", page::headline);
    page.section("outages", page::outages);
    page.section(
        "validations", () -> new ValidationView(page.html, sources, StatusPage::clock).write());
    page.section("map", page::map);
    page.section("traffic", page::traffic);
    page.section("dependencies", page::dependencies);
    page.section("backends", page::backends);
    page.section("routes", page::routes);
    page.section("queue", page::queue);
    page.section("copies", page::copies);
    page.section("fleet", () -> new FleetView(sources).write(page.html));
    page.section("end", page::end);
    return page.sections;
  }

  private void section(String id, Runnable writes) {
    html = new Html();
    targets = new StatusTargets(html, sources, posture, configuration);
    writes.run();
    sections.put(id, html.toString());
  }

  private void dependencies() {
    html.raw("<h2>Dependencies</h2>");
    posture.dependencies().values().forEach(targets::dependency);
  }

  private void backends() {
    html.raw("<h2>Backends</h2>");
    posture.backends().values().forEach(targets::backend);
  }

  private void end() {
    html.raw("<footer><p>");
    String version = sources.version();
    html.text("Environment " + configuration.environment());
    html.text(version.isEmpty() ? "" : ", configuration " + version).raw("</p><p>");
    for (String path : LINKS) {
      html.raw("<a href=" + path + ">").text(path).raw("</a> ");
    }
    html.raw("</p></footer>");
  }

  private void headline() {
    ServiceMode mode = posture.mode();
    String tone =
        mode == ServiceMode.FULL ? "good" : mode == ServiceMode.DB_DEGRADED ? "mid" : "bad";
    html.raw("<header class=" + tone + "><h1>").text(mode.label() + ": ");
    Verdict worst = posture.headline();
    html.text(worst.sentence()).raw("</h1>");
    targets.remedy(worst);
    Situation situation = sources.situation();
    targets.note(posture.warmUp(), "Warming up: not everything has been judged yet.");
    targets.note(situation.passthrough(), "Pass-through is on: every protection is off.");
    targets.note(
        situation.drill() != null,
        "A drill: " + situation.drill() + " is taken to be down. Nothing is wrong with it.");
    targets.note(situation.draining(), "Draining: this gateway is stopping.");
    reload();
    html.raw("</header>");
  }

  /** Every fault once, with all that follows from it; and of what teams were told. */
  private void outages() {
    List<RootCause> faults = RootCause.of(new DependencyMap(configuration), posture);
    if (!faults.isEmpty()) {
      html.raw("<h2>Faults</h2><ol>");
      faults.forEach(this::fault);
      html.raw("</ol>");
    }
    List<Incident.View> last =
        Stream.concat(sources.outages().stream(), sources.endedOutages().stream())
            .limit(LAST_OUTAGES)
            .toList();
    html.raw("<h2>Last alerts</h2>");
    if (last.isEmpty()) {
      html.raw("<p class=dim>").text("Nobody was told of anything yet.").raw("</p>");
      return;
    }
    html.raw("<ul>");
    last.forEach(this::alert);
    html.raw("</ul>");
  }

  private void fault(RootCause fault) {
    html.raw("<li><b>").text(fault.verdict().cause() + " · " + fault.verdict().detail().label());
    html.raw("</b> explains ").text(String.join(", ", fault.subjects()));
    html.text("; routes concerned: ");
    html.text(fault.routes().isEmpty() ? "none" : String.join(", ", fault.routes()));
    html.raw("</li>");
  }

  private void alert(Incident.View outage) {
    Instant ended = outage.ended();
    html.raw("<li><a href=\"outages/").text(outage.id()).raw(".md\">").text(outage.alarm().key());
    html.raw("</a> ").text(outage.alarm().cause() + " " + outage.alarm().detail());
    html.text(", told " + String.join(", ", outage.teams()) + ", since " + clock(outage.begun()));
    html.text(ended == null ? ", it lasts" : ", ended " + clock(ended)).raw("</li>");
  }

  private static String clock(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private void map() {
    html.raw("<h2>What needs what</h2>");
    new DependencyView(configuration, posture, sources.paths()).draw(html);
  }

  private void traffic() {
    html.raw("<h2>The last hour</h2>");
    HourCharts charts = new HourCharts(html, sources.hour(), sources.instant());
    charts.traffic();
    List<String> breakers =
        Stream.concat(
                posture.dependencies().keySet().stream(), posture.backends().keySet().stream())
            .toList();
    html.raw("<h3>Breakers</h3>");
    charts.breakers(breakers);
  }

  private void reload() {
    ReloadOutcome outcome = sources.reloaded();
    if (outcome == null) {
      return;
    }
    targets.note(!outcome.needsRestart().isEmpty(), "Needs a restart: " + outcome.needsRestart());
    if (outcome instanceof ReloadOutcome.Refused refused) {
      targets.note(
          true, "The route files were refused at " + refused.at() + "; what ran before runs on.");
      html.raw("<ul>");
      refused.problems().forEach(problem -> html.raw("<li>").text(problem).raw("</li>"));
      html.raw("</ul>");
    }
  }

  private void routes() {
    html.raw("<h2>Routes</h2><table><tr><th>route<th>path<th>backend<th>way<th>on failure</tr>");
    for (Route route : configuration.routes()) {
      boolean closed = posture.closed(route, configuration.dependenciesOf(route));
      html.raw("<tr><td>").text(route.id()).raw("<td>").text(route.match().path());
      html.raw("<td>").text(route.backend()).raw("<td>").text(closed ? "✗ closed" : "✓ open");
      html.raw("<td>").text(failing(route)).raw("</tr>");
    }
    html.raw("</table>");
  }

  private static String failing(Route route) {
    if (route.kind() == Route.Kind.HEALTH) {
      boolean kept = route.onInfrastructureFailure() == Route.OnInfrastructureFailure.DEGRADED;
      return kept ? "200 warn, 503 for the application's faults" : "503";
    }
    String kept =
        (route.reads() != null ? "copies " : "") + (route.writes() != null ? "queue" : "");
    return kept.isBlank() ? "503" : kept;
  }

  private void queue() {
    html.raw("<h2>Queue</h2>");
    WriteStore store = sources.store();
    if (store == null) {
      html.raw("<p>").text("There is no store, so nothing is queued.").raw("</p>");
      return;
    }
    if (!store.healthy()) {
      html.raw("<p class=bad>").text("The store takes nothing: " + store.reason()).raw("</p>");
    }
    html.raw("<table><tr>");
    Map<WriteState, Long> counts = store.counts();
    for (WriteState state : WriteState.values()) {
      html.raw("<th>").text(QueueView.label(state));
    }
    html.raw("</tr><tr>");
    for (WriteState state : WriteState.values()) {
      html.raw("<td>").text(Long.toString(counts.getOrDefault(state, 0L)));
    }
    html.raw("</tr></table>");
    Set<String> orphaned = sources.orphanedRoutes();
    targets.note(
        !orphaned.isEmpty(), "Writes wait for routes that are gone or queue no more: " + orphaned);
    Duration oldest = store.oldestAge();
    html.raw("<p>")
        .text(
            oldest == null
                ? "Nothing waits."
                : "The oldest waits for " + Words.of(oldest) + ". " + released());
    html.raw("</p>");
  }

  private String released() {
    Progress progress = sources.situation().replay();
    Duration remaining = progress.remaining();
    return remaining == null
        ? "None is being released."
        : "%d released, %d left, %.1f a second: about %s more."
            .formatted(progress.done(), progress.left(), progress.perSecond(), Words.of(remaining));
  }

  private void copies() {
    CopyStats stats = sources.copies().stats();
    html.raw("<h2>Stored copies</h2><p>");
    html.text(stats.entries() + " entries, " + stats.bytes() / 1024 + " KiB, ");
    html.text(stats.hits() + " hits, " + stats.evictions() + " evictions").raw("</p>");
    List<Runway> runways = sources.runways();
    if (!runways.isEmpty()) {
      html.raw("<ul>");
      for (Runway r : runways) {
        html.raw("<li>").text(r.routeId() + ": in an outage " + lasts(r)).raw("</li>");
      }
      html.raw("</ul>");
    }
  }

  private static String lasts(Runway runway) {
    return runway.copies() == 0
        ? "nothing could be served"
        : "%d copies last for %s, the first for %s"
            .formatted(runway.copies(), Words.of(runway.last()), Words.of(runway.first()));
  }
}
