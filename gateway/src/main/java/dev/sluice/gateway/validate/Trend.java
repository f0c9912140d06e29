package dev.sluice.gateway.validate;

import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Quantiles;
import dev.sluice.probes.validation.Step;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A validation in short, as the store keeps it and trends are drawn from it. Pure. */
public final class Trend {
  private static final Pattern BEGUN = Pattern.compile("\\{\"begun\":\"([^\"]{1,40})\"");
  private static final int LONGEST = 300;
  private static final int MOST_STEPS = 10;

  private Trend() {}

  /** When, what was found, and how long connections took, in milliseconds. */
  public static Map<String, Object> of(Validated validated) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("begun", validated.begun().toString());
    out.put("took-ms", validated.took().toMillis());
    out.put("suite", validated.suiteName());
    out.put("verdict", validated.ruling().words());
    Map<String, Object> connects = new LinkedHashMap<>();
    List<Object> wanting = new ArrayList<>();
    for (Step step : validated.steps()) {
      if (!step.millis().isEmpty()) {
        connects.put(step.subject(), quantiles(step.millis()));
      }
      if (step.outcome() != Outcome.PASSED && wanting.size() < MOST_STEPS) {
        wanting.add(wanting(step));
      }
    }
    out.put("connects", connects);
    out.put("wanting", wanting);
    return out;
  }

  private static Map<String, Object> quantiles(List<Double> millis) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("count", millis.size());
    out.put("p50", rounded(Quantiles.of(millis, .5)));
    out.put("p95", rounded(Quantiles.of(millis, .95)));
    out.put("p99", rounded(Quantiles.of(millis, .99)));
    return out;
  }

  private static double rounded(double millis) {
    return Math.round(millis * 10) / 10.0;
  }

  private static Map<String, Object> wanting(Step step) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("step", step.name());
    out.put("subject", step.subject());
    out.put("outcome", step.outcome().label());
    String said = step.sentence();
    out.put("sentence", said.substring(0, Math.min(LONGEST, said.length())));
    return out;
  }

  /** When the validation of a kept text began; null for a text that is not understood. */
  public static @Nullable Instant begun(String text) {
    Matcher begun = BEGUN.matcher(text);
    try {
      return begun.lookingAt() ? Instant.parse(begun.group(1)) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
