package dev.sluice.gateway.validate;

import dev.sluice.gateway.health.Html;
import dev.sluice.gateway.health.Json;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Quantiles;
import dev.sluice.probes.validation.Ruling;
import dev.sluice.probes.validation.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A validation for machines and for people. Only {@link #write} does anything. */
public final class Reports {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 90;
  private static final String STYLE =
      """
      :root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;
      margin:2rem auto;padding:0 1rem}h1{border-left:.5rem solid;padding-left:1rem}
      .passed{color:#1a7f37}.failed{color:#cf222e}.unproven{color:#9a6700}
      table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;
      border-bottom:1px solid #8884;vertical-align:top}svg{width:100%;max-width:38rem}
      @media(prefers-color-scheme:dark){.passed{color:#3fb950}.failed{color:#ff7b72}
      .unproven{color:#d29922}}""";

  private Reports() {}

  /** Writes {@code validation.json}, {@code validation.xml} and {@code validation.html}. */
  public static void write(Path folder, Validated validated) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("validation.json"), Json.pretty(json(validated)));
    Files.writeString(folder.resolve("validation.xml"), xml(validated));
    Files.writeString(folder.resolve("validation.html"), html(validated));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  static Map<String, Object> json(Validated validated) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("verdict", validated.ruling().words());
    out.put("sentence", validated.sentence());
    out.put("suite", validated.suiteName());
    out.put("environment", validated.environment());
    out.put("begun", validated.begun().toString());
    out.put("seconds", seconds(validated.took()));
    out.put("steps", validated.steps().stream().map(Reports::json).toList());
    return out;
  }

  private static Map<String, Object> json(Step step) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", step.name());
    out.put("subject", step.subject());
    out.put("outcome", step.outcome().label());
    out.put("sentence", step.sentence());
    out.put("seconds", seconds(step.took()));
    if (!step.millis().isEmpty()) {
      out.put("millis", step.millis());
    }
    return out;
  }

  /** As JUnit writes it: what is not proven is an error, which is no pass either. */
  static String xml(Validated validated) {
    List<Step> steps = validated.steps();
    Html out = new Html().raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"");
    out.text("sluice validate " + validated.suiteName()).raw("\" tests=\"" + steps.size());
    out.raw("\" failures=\"" + count(steps, Outcome.FAILED));
    out.raw("\" errors=\"" + count(steps, Outcome.UNPROVEN));
    out.raw("\" skipped=\"0\" time=\"" + seconds(validated.took()));
    out.raw("\" timestamp=\"" + validated.begun() + "\">\n");
    steps.forEach(step -> testcase(out, step));
    return out.raw("</testsuite>\n").toString();
  }

  private static long count(List<Step> steps, Outcome outcome) {
    return steps.stream().filter(step -> step.outcome() == outcome).count();
  }

  private static void testcase(Html out, Step step) {
    out.raw("  <testcase classname=\"").text(step.subject()).raw("\" name=\"").text(step.name());
    out.raw("\" time=\"" + seconds(step.took()) + "\"");
    if (step.outcome() == Outcome.PASSED) {
      out.raw("><system-out>").text(step.sentence()).raw("</system-out></testcase>\n");
      return;
    }
    String kind = step.outcome() == Outcome.FAILED ? "failure" : "error";
    out.raw("><" + kind + " message=\"").text(step.sentence()).raw("\"/></testcase>\n");
  }

  /** A page that needs nothing from anywhere. */
  static String html(Validated validated) {
    Html out = new Html();
    out.raw("<!doctype html><html lang=en><head><meta charset=utf-8>");
    out.raw("<meta name=viewport content=\"width=device-width,initial-scale=1\"><title>");
    out.text("Validation: " + validated.ruling().words());
    out.raw("</title><style>" + STYLE + "</style></head><body><main><h1 class=" + tone(validated));
    out.raw(">").text(validated.sentence()).raw("</h1><p>");
    out.text(
        "Suite %s, environment %s, %s, %.1f s."
            .formatted(
                validated.suiteName(),
                validated.environment(),
                validated.begun(),
                seconds(validated.took())));
    out.raw("</p><table><thead><tr><th>Step<th>Of<th>Outcome<th>Found</thead><tbody>");
    validated.wanting().forEach(step -> row(out, step));
    validated.steps().stream()
        .filter(step -> step.outcome() == Outcome.PASSED)
        .forEach(step -> row(out, step));
    out.raw("</tbody></table>");
    validated.steps().stream()
        .filter(step -> step.millis().size() > 1)
        .forEach(step -> chart(out, step));
    return out.raw("</main></body></html>\n").toString();
  }

  private static String tone(Validated validated) {
    Ruling ruling = validated.ruling();
    return switch (ruling) {
      case FIXED -> "passed";
      case NOT_FIXED -> "failed";
      case NOT_PROVEN -> "unproven";
    };
  }

  private static void row(Html out, Step step) {
    out.raw("<tr><td>").text(step.name()).raw("<td>").text(step.subject());
    out.raw("<td class=" + step.outcome().label() + ">").text(step.outcome().label());
    out.raw("<td>").text(step.sentence()).raw("</tr>");
  }

  /** How long the tries took, from the quickest to the slowest. */
  private static void chart(Html out, Step step) {
    double most = Math.max(1, step.millis().get(step.millis().size() - 1));
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < step.millis().size(); i++) {
      double x = i * (double) WIDTH / (step.millis().size() - 1);
      double y = HEIGHT - step.millis().get(i) / most * (HEIGHT - 4) - 2;
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }
    String what = step.name() + " of " + step.subject() + ", from the quickest to the slowest: ";
    String title = what + Quantiles.sentence(step.millis());
    out.raw("<figure><figcaption>").text(title).raw("</figcaption><svg role=img aria-label=\"");
    out.text(title).raw("\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\">");
    out.raw("<polyline fill=none stroke=currentColor stroke-width=2 points=\"" + points);
    out.raw("\"/></svg></figure>");
  }
}
