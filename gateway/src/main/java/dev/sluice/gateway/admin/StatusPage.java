package dev.sluice.gateway.admin;

import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.CopyStats;
import dev.sluice.fallback.cache.Runway;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.fallback.replay.Progress;
import dev.sluice.gateway.health.Situation;
import dev.sluice.gateway.reload.ReloadOutcome;
import dev.sluice.probes.map.DependencyMap;
import dev.sluice.probes.map.RootCause;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The status page: one HTML document without scripts that loads itself again every 2 s. */
final class StatusPage {
  private final AdminSources sources;
  private final Posture posture;
  private final Configuration configuration;
  private final Html html = new Html();
  private final StatusTargets targets;

  private StatusPage(AdminSources sources) {
    this.sources = sources;
    this.posture = sources.posture();
    this.configuration = sources.configuration();
    this.targets = new StatusTargets(html, sources, posture, configuration);
  }

  static String html(AdminSources sources) {
    return new StatusPage(sources).whole();
  }

  private String whole() {
    html.begin("Sluice: " + posture.mode().label(), 2);
    headline();
    faults();
    html.raw("<h2>Dependencies</h2>");
    posture.dependencies().values().forEach(targets::dependency);
    html.raw("<h2>Backends</h2>");
    posture.backends().values().forEach(targets::backend);
    routes();
    queue();
    copies();
    html.raw("<footer>");
    html.text("Taken at " + posture.takenAt() + ", environment " + configuration.environment());
    html.raw(" · <a href=/health>health</a> <a href=/verdict>verdict</a> <a href=/queue>queue</a>");
    html.raw(" <a href=/dependencies>dependencies</a>");
    html.raw(" <a href=/cache>cache</a> <a href=/metrics>metrics</a>");
    html.raw(" <a href=/-/reload>reload</a></footer>");
    return html.end();
  }

  private void headline() {
    ServiceMode mode = posture.mode();
    String tone =
        mode == ServiceMode.FULL ? "good" : mode == ServiceMode.DB_DEGRADED ? "mid" : "bad";
    html.raw("<header class=" + tone + "><h1>").text(mode.label()).raw("</h1><p>");
    Verdict worst = posture.headline();
    boolean fault = worst.cause() != Cause.NONE;
    html.text(fault ? worst.subject() + ": " : "").text(worst.sentence()).raw("</p>");
    targets.remedy(worst);
    Situation situation = sources.situation();
    targets.note(posture.warmUp(), "Warming up: not everything has been judged yet.");
    targets.note(situation.passthrough(), "Pass-through is on: every protection is off.");
    targets.note(situation.draining(), "Draining: this gateway is stopping.");
    reload();
    html.raw("</header>");
  }

  /** Every fault once, with all that follows from it. */
  private void faults() {
    List<RootCause> faults = RootCause.of(new DependencyMap(configuration), posture);
    if (faults.isEmpty()) {
      return;
    }
    html.raw("<h2>Faults</h2><ol>");
    for (RootCause fault : faults) {
      html.raw("<li><b>").text(fault.verdict().cause() + " · " + fault.verdict().detail().label());
      html.raw("</b> explains ").text(String.join(", ", fault.subjects()));
      html.text("; routes concerned: ");
      html.text(fault.routes().isEmpty() ? "none" : String.join(", ", fault.routes()));
      html.raw("</li>");
    }
    html.raw("</ol>");
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
                : "The oldest waits for " + StatusTargets.words(oldest) + ". " + released());
    html.raw("</p>");
  }

  private String released() {
    Progress progress = sources.situation().replay();
    Duration remaining = progress.remaining();
    return remaining == null
        ? "None is being released."
        : "%d released, %d left, %.1f a second: about %s more."
            .formatted(
                progress.done(),
                progress.left(),
                progress.perSecond(),
                StatusTargets.words(remaining));
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
            .formatted(
                runway.copies(),
                StatusTargets.words(runway.last()),
                StatusTargets.words(runway.first()));
  }
}
