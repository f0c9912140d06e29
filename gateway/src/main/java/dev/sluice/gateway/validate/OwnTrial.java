package dev.sluice.gateway.validate;

import dev.sluice.gateway.validate.Switchboard.Said;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Has a running gateway validate from where it stands, which knows how connections were on usual
 * days, and takes over what it finds. Blocks.
 */
public final class OwnTrial {
  private static final String DESK = "/validations";
  private static final Duration LOOKS = Duration.ofMillis(300);

  private final Switchboard admin;
  private final LongSupplier nanos;
  private long begun;
  private String before = "";
  private @Nullable String refusal;

  public OwnTrial(Switchboard admin, LongSupplier nanos) {
    this.admin = admin;
    this.nanos = nanos;
  }

  /**
   * Asks for it.
   *
   * @param suite quick or full
   */
  public void begin(String suite) {
    begun = nanos.getAsLong();
    before = begun(last());
    Said asked = admin.ask("POST", DESK + "?suite=" + suite);
    if (asked.status() != 200) {
      refusal = asked.body().path("detail").asString("status " + asked.status());
    }
  }

  /**
   * The gateway's steps, each subject with where it was looked at.
   *
   * @param patience how long its end is waited for, since it was asked for
   */
  public List<Step> end(Duration patience) {
    if (refusal != null) {
      return List.of(unproven(refusal));
    }
    JsonNode ended = last();
    while (begun(ended).equals(before) && nanos.getAsLong() - begun < patience.toNanos()) {
      Mono.delay(LOOKS).block();
      ended = last();
    }
    return ended == null || begun(ended).equals(before)
        ? List.of(unproven("it did not end within " + patience.toSeconds() + " s"))
        : steps(ended);
  }

  private Step unproven(String why) {
    Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
    return Step.of("validation", "gateway", Outcome.UNPROVEN, why, took);
  }

  /** The last one that was asked for. */
  private @Nullable JsonNode last() {
    for (JsonNode each : admin.ask("GET", DESK).body().path("latest")) {
      if (each.path("trigger").asString("").equals("asked")) {
        return each;
      }
    }
    return null;
  }

  private static String begun(@Nullable JsonNode validation) {
    return validation == null ? "" : validation.path("begun").asString("");
  }

  private static List<Step> steps(JsonNode validation) {
    List<Step> steps = new ArrayList<>();
    for (JsonNode each : validation.path("steps")) {
      steps.add(
          Step.of(
              each.path("step").asString("step"),
              each.path("subject").asString("") + " at the gateway",
              outcome(each.path("outcome").asString("")),
              each.path("sentence").asString(""),
              Duration.ZERO));
    }
    return steps;
  }

  private static Outcome outcome(String label) {
    for (Outcome outcome : Outcome.values()) {
      if (outcome.label().equals(label)) {
        return outcome;
      }
    }
    return Outcome.UNPROVEN;
  }
}
