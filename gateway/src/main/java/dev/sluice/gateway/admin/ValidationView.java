package dev.sluice.gateway.admin;

import dev.sluice.config.Dependency;
import dev.sluice.gateway.health.Html;
import dev.sluice.gateway.validate.Revalidated;
import dev.sluice.probes.validation.Baseline;
import dev.sluice.probes.validation.Quantiles;
import dev.sluice.probes.validation.Step;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The last validations on the status page, and how connections are beside those of usual days. */
final class ValidationView {
  private static final int LAST = 5;
  private static final double P95 = .95;

  private final Html html;
  private final AdminSources sources;
  private final Function<Instant, String> clock;

  ValidationView(Html html, AdminSources sources, Function<Instant, String> clock) {
    this.html = html;
    this.sources = sources;
    this.clock = clock;
  }

  void write() {
    html.raw("<h2>Last validations</h2>");
    List<Revalidated> all = sources.validations();
    if (all.isEmpty()) {
      html.raw("<p class=dim>").text("There was none since the start.").raw("</p>");
      return;
    }
    html.raw("<ul>");
    for (Revalidated each : all.subList(0, Math.min(LAST, all.size()))) {
      String when = clock.apply(each.validated().begun());
      html.raw("<li>").text(when + ", " + each.sentence()).raw("</li>");
    }
    html.raw("</ul>");
    sources.configuration().dependencies().forEach(each -> connections(each, all));
  }

  /** The last connections that were made to it, and how it usually is. */
  private void connections(Dependency dependency, List<Revalidated> all) {
    all.stream()
        .flatMap(each -> each.validated().steps().stream())
        .filter(step -> step.subject().equals(dependency.id()) && !step.millis().isEmpty())
        .findFirst()
        .ifPresent(step -> html.raw("<p class=dim>").text(sentence(step)).raw("</p>"));
  }

  private String sentence(Step step) {
    Baseline usual = sources.usual(step.subject());
    String now =
        String.format(
            Locale.ROOT,
            "Connections to %s: p95 %.1f ms",
            step.subject(),
            Quantiles.of(step.millis(), P95));
    return usual.tells()
        ? now + String.format(Locale.ROOT, ", on usual days %.1f ms.", usual.quantile(P95))
        : now + ".";
  }
}
