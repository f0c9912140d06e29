package dev.sluice.gateway.admin;

import dev.sluice.config.Configuration;
import dev.sluice.config.Dependency;
import dev.sluice.gateway.health.Bodies;
import dev.sluice.gateway.health.Html;
import dev.sluice.gateway.health.Words;
import dev.sluice.probes.breaker.RecoveryPlan;
import dev.sluice.probes.history.PathFigures;
import dev.sluice.probes.history.PoolSeries;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.Posture;
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
import java.util.stream.Collectors;

/** The sections of the status page on dependencies and backends, and what they share with it. */
final class StatusTargets {
  private final Html html;
  private final AdminSources sources;
  private final Posture posture;
  private final Configuration configuration;

  StatusTargets(Html html, AdminSources sources, Posture posture, Configuration configuration) {
    this.html = html;
    this.sources = sources;
    this.posture = posture;
    this.configuration = configuration;
  }

  void note(boolean shown, String text) {
    if (shown) {
      html.raw("<p><b>").text(text).raw("</b></p>");
    }
  }

  void remedy(Verdict verdict) {
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

  void dependency(DependencyStatus d) {
    html.raw("<section><h3>").text(d.id()).raw(" ");
    badge(d.verdict());
    breaker(d.id(), d.breaker());
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
    learnt(d.id());
    paths(d.id());
    evidence(d.verdict());
    html.raw("</section>");
  }

  private void learnt(String id) {
    String sentence = sources.learnt(id);
    if (!sentence.isEmpty()) {
      html.raw("<p class=dim>").text(sentence).raw("</p>");
    }
  }

  /** How the way to it was lately, tier by tier. */
  private void paths(String id) {
    List<PathFigures> own =
        sources.paths().stream().filter(path -> path.subject().equals(id)).toList();
    for (PathFigures path : own) {
      note(path.degrading(), path.degrading() ? path.sentence() : "");
    }
    if (!own.isEmpty()) {
      String figures = own.stream().map(StatusTargets::words).collect(Collectors.joining(" · "));
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

  void backend(BackendStatus b) {
    html.raw("<section><h3>").text(b.id()).raw(" ");
    badge(b.verdict());
    breaker(b.id(), b.breaker());
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

  private void breaker(String id, BreakerState state) {
    String tone =
        switch (state) {
          case CLOSED -> "good";
          case HALF_OPEN -> "mid";
          case OPEN -> "bad";
        };
    html.raw("<span class=\"badge " + tone + "\">").text("breaker " + state.label());
    html.raw("</span> ");
    double share = sources.share(id);
    boolean returning = state == BreakerState.HALF_OPEN && share > 0 && share < 1;
    mark(returning, Math.round(share * 100) + " % of the traffic");
    Duration waits = sources.waits(id);
    mark(!waits.isZero(), "is back; its turn among the gateways comes in " + Words.of(waits));
  }

  private void mark(boolean shown, String text) {
    if (shown) {
      html.raw("<span class=\"badge mid\">").text(text).raw("</span> ");
    }
  }

  /** Ages are told as of the posture, so that the page needs no clock. */
  private String age(Instant since) {
    return Words.of(Duration.between(since, posture.takenAt()));
  }
}
