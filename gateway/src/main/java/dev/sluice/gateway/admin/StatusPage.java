package dev.sluice.gateway.admin;

import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.CopyStats;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.gateway.health.Bodies;
import dev.sluice.gateway.health.Situation;
import dev.sluice.gateway.reload.ReloadOutcome;
import dev.sluice.probes.breaker.RecoveryPlan;
import dev.sluice.probes.history.PathFigures;
import dev.sluice.probes.history.PoolSeries;
import dev.sluice.probes.map.DependencyMap;
import dev.sluice.probes.map.RootCause;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Commands;
import dev.sluice.probes.verdict.Detail;
import dev.sluice.probes.verdict.Evidence;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The status page: one HTML document without scripts that loads itself again every 2 s. */
final class StatusPage {
  private final AdminSources sources;
  private final Posture posture;
  private final Configuration configuration;
  private final Html html = new Html();

  private StatusPage(AdminSources sources) {
    this.sources = sources;
    this.posture = sources.posture();
    this.configuration = sources.configuration();
  }

  static String html(AdminSources sources) {
    return new StatusPage(sources).whole();
  }

  private String whole() {
    html.begin("Sluice: " + posture.mode().label(), 2);
    headline();
    faults();
    html.raw("<h2>Dependencies</h2>");
    posture.dependencies().values().forEach(this::dependency);
    html.raw("<h2>Backends</h2>");
    posture.backends().values().forEach(this::backend);
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
    remedy(worst);
    Situation situation = sources.situation();
    note(posture.warmUp(), "Warming up: not everything has been judged yet.");
    note(situation.passthrough(), "Pass-through is on: every protection is off.");
    note(situation.draining(), "Draining: this gateway is stopping.");
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
    note(!outcome.needsRestart().isEmpty(), "Needs a restart: " + outcome.needsRestart());
    if (outcome instanceof ReloadOutcome.Refused refused) {
      note(true, "The route files were refused at " + refused.at() + "; what ran before runs on.");
      html.raw("<ul>");
      refused.problems().forEach(problem -> html.raw("<li>").text(problem).raw("</li>"));
      html.raw("</ul>");
    }
  }

  private void note(boolean shown, String text) {
    if (shown) {
      html.raw("<p><b>").text(text).raw("</b></p>");
    }
  }

  private void remedy(Verdict verdict) {
    if (verdict.cause() != Cause.NONE) {
      html.raw("<p>").text(verdict.cause() + " · " + verdict.detail().label());
      html.text(" · confidence " + Math.round(verdict.confidence() * 100) + " %");
      html.text(" · owner " + verdict.owner() + " · for " + age(verdict.since())).raw("</p>");
    }
    if (!verdict.remedy().isEmpty()) {
      html.raw("<p><b>Do first:</b> ").text(verdict.remedy()).raw("</p>");
    }
    List<String> commands = Commands.of(verdict, configuration);
    if (!commands.isEmpty()) {
      html.raw("<pre>").text(String.join("\n", commands)).raw("</pre>");
    }
    if (verdict.decidingTest() != null) {
      html.raw("<p><b>What would decide:</b> ").text(verdict.decidingTest()).raw("</p>");
    }
  }

  private void dependency(DependencyStatus d) {
    html.raw("<section><h3>").text(d.id()).raw(" ");
    badge(d.verdict());
    breaker(d.breaker());
    boolean optional = !configuration.dependency(d.id()).map(Dependency::required).orElse(true);
    mark(optional, "optional");
    mark(d.readOnly(), "read-only");
    mark(!d.proven(), "never reached");
    mark(d.suspect(), "suspect");
    html.raw("</h3><p>").text(d.verdict().sentence()).raw("</p>");
    remedy(d.verdict());
    Climb climb = d.lastClimb();
    if (climb != null) {
      ladder(climb);
    }
    Climb beside = d.besideClimb();
    if (beside != null) {
      ladder(beside);
    }
    note(d.breaker() == BreakerState.OPEN, RecoveryPlan.of(d.verdict().detail()).sentence());
    paths(d.id());
    evidence(d.verdict());
    html.raw("</section>");
  }

  /** How the way to it was lately, tier by tier. */
  private void paths(String id) {
    List<PathFigures> own =
        sources.paths().stream().filter(path -> path.subject().equals(id)).toList();
    for (PathFigures path : own) {
      note(path.degrading(), path.degrading() ? path.sentence() : "");
    }
    if (!own.isEmpty()) {
      String figures = own.stream().map(StatusPage::words).collect(Collectors.joining(" · "));
      html.raw("<p class=dim>").text("last 5 min: " + figures).raw("</p>");
    }
  }

  private static String words(PathFigures path) {
    String held = String.format(Locale.ROOT, "%.1f %%", path.success() * 100);
    String name = Bodies.label(path.tier());
    return path.p50() < 0
        ? name + " never held"
        : name + " p50 " + path.p50() + " ms, p99 " + path.p99() + " ms, held " + held;
  }

  private void ladder(Climb climb) {
    html.raw("<ol class=ladder>");
    for (Sample s : climb.samples()) {
      html.raw("<li class=" + (s.ok() ? "good" : "bad") + ">").text(s.ok() ? "✓ " : "✗ ");
      html.text(Bodies.label(s.rung()) + " " + s.millis() + " ms");
      if (!s.ok() && s.signal() != null) {
        html.text(" (" + s.signal() + ")");
      }
      html.raw("</li>");
    }
    html.raw("</ol><p class=dim>").text("vantage " + Bodies.label(climb.vantage()) + ", climbed ");
    html.text(age(climb.at()) + " ago").raw("</p>");
  }

  private void evidence(Verdict verdict) {
    if (!verdict.evidence().isEmpty()) {
      html.raw("<ul>");
      for (Evidence e : verdict.evidence()) {
        html.raw("<li>").text(e.text()).raw("</li>");
      }
      html.raw("</ul>");
    }
  }

  private void backend(BackendStatus b) {
    html.raw("<section><h3>").text(b.id()).raw(" ");
    badge(b.verdict());
    breaker(b.breaker());
    html.raw("</h3><p class=dim>").text(urls(b.id())).raw("</p><p>");
    html.text(b.verdict().sentence()).raw("</p>");
    remedy(b.verdict());
    BackendHealth own = b.lastHealth();
    if (own != null) {
      html.raw("<p>").text("It says of itself: ");
      html.text(own.status() == 0 ? "no answer" : Integer.toString(own.status()));
      html.text(", " + own.text() + " (" + age(own.at()) + " ago)").raw("</p>");
    }
    pool(b.id());
    html.raw("</section>");
  }

  private void pool(String id) {
    for (PoolSeries pool : sources.pools()) {
      if (pool.backend().equals(id)) {
        note(pool.degrading(), pool.degrading() ? pool.sentence() : "");
        html.raw("<p class=dim>");
        html.text(
            "last 5 min: pool in use p50 %d, p99 %d of %d, waiting p99 %d"
                .formatted(pool.p50(), pool.p99(), pool.max(), pool.waiting()));
        html.raw("</p>");
      }
    }
  }

  private String urls(String id) {
    return configuration.backend(id).map(b -> String.join(", ", b.urls())).orElse("");
  }

  private void badge(Verdict verdict) {
    boolean well = verdict.detail() == Detail.HEALTHY;
    String tone = well ? "good" : verdict.cause() == Cause.NONE ? "mid" : "bad";
    html.raw("<span class=\"badge " + tone + "\">").text(verdict.detail().label()).raw("</span> ");
  }

  private void breaker(BreakerState state) {
    String tone =
        switch (state) {
          case CLOSED -> "good";
          case HALF_OPEN -> "mid";
          case OPEN -> "bad";
        };
    html.raw("<span class=\"badge " + tone + "\">").text("breaker " + state.label());
    html.raw("</span> ");
  }

  private void mark(boolean shown, String text) {
    if (shown) {
      html.raw("<span class=\"badge mid\">").text(text).raw("</span> ");
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
    note(!orphaned.isEmpty(), "Writes wait for routes that are gone or queue no more: " + orphaned);
    Duration oldest = store.oldestAge();
    html.raw("<p>")
        .text(oldest == null ? "Nothing waits." : "The oldest waits for " + words(oldest));
    html.raw("</p>");
  }

  private void copies() {
    CopyStats stats = sources.copies();
    html.raw("<h2>Stored copies</h2><p>");
    html.text(stats.entries() + " entries, " + stats.bytes() / 1024 + " KiB, ");
    html.text(stats.hits() + " hits, " + stats.evictions() + " evictions").raw("</p>");
  }

  /** Ages are told as of the posture, so that the page needs no clock. */
  private String age(Instant since) {
    return words(Duration.between(since, posture.takenAt()));
  }

  private static String words(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
