package dev.sluice.gateway.cli;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.health.Bodies;
import dev.sluice.probes.map.DependencyMap;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.monitor.News;
import dev.sluice.probes.verdict.Cause;
import dev.sluice.probes.verdict.Commands;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints a diagnosis for people, each line as soon as it is known. */
final class DiagnoseText {
  private final PrintWriter out;
  private final int limitSeconds;
  private final Configuration configuration;
  private final DependencyMap map;
  private boolean cut;

  /**
   * @param configuration says which routes a fault concerns, and what commands look further
   */
  DiagnoseText(PrintWriter out, int limitSeconds, Configuration configuration) {
    this.out = out;
    this.configuration = configuration;
    this.map = new DependencyMap(configuration);
    this.limitSeconds = limitSeconds;
  }

  void tell(News news) {
    if (news instanceof News.Seen seen) {
      rung(seen);
    } else if (news instanceof News.Answered answered) {
      answer(answered);
    } else if (news instanceof News.Judged judged) {
      judged(judged);
    }
    out.flush();
  }

  private void rung(News.Seen seen) {
    Sample sample = seen.sample();
    String message = sample.message() == null ? "" : "  " + sample.message();
    out.printf(
        Locale.ROOT,
        "%-16s #%d  %-4s %-15s %,7d ms%s%n",
        seen.subject(),
        seen.climb(),
        sample.ok() ? "ok" : "FAIL",
        Bodies.label(sample.rung()),
        sample.millis(),
        message);
  }

  private void answer(News.Answered answered) {
    BackendHealth answer = answered.answer();
    out.printf(
        Locale.ROOT,
        "%-16s #%d  %-4s %-15s %s%n",
        answered.subject(),
        answered.probe(),
        answer.ok() ? "ok" : "FAIL",
        "health",
        answer.text());
  }

  private void judged(News.Judged judged) {
    if (!judged.complete() && !cut) {
      cut = true;
      out.printf("%nThe limit of %d s came first; this is what is known:%n", limitSeconds);
    }
    Verdict verdict = judged.verdict();
    out.printf(
        Locale.ROOT,
        "%n%s: %s, %s, confidence %.2f, owner %s%s%n  %s%n",
        verdict.subject(),
        verdict.cause(),
        verdict.detail().label(),
        verdict.confidence(),
        verdict.owner(),
        judged.complete() ? "" : ", not finished",
        verdict.sentence());
    verdict.evidence().forEach(e -> out.println("  evidence: " + e.text()));
    if (verdict.cause() != Cause.NONE) {
      out.println("  remedy: " + verdict.remedy());
      Commands.of(verdict, configuration).forEach(command -> out.println("  run: " + command));
    }
    List<String> routes = map.routesOver(verdict.subject());
    if (verdict.cause() != Cause.NONE && !routes.isEmpty()) {
      out.println("  routes concerned: " + String.join(", ", routes));
    }
    if (verdict.decidingTest() != null) {
      out.println("  would decide: " + verdict.decidingTest());
    }
  }
}
