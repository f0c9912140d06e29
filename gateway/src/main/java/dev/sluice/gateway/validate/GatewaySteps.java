package dev.sluice.gateway.validate;

import dev.sluice.probes.validation.HealthWords;
import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The steps that a running gateway is asked for: what it says of itself, whether an outage is open,
 * and whether what it holds is on its way out. Blocks.
 */
public final class GatewaySteps {
  private static final String SUBJECT = "gateway";
  private static final List<String> WAITING = List.of("queued", "in-flight", "retry-wait");
  private static final Duration LOOKS = Duration.ofSeconds(1);
  private static final int MOST_LOOKS = 5;

  private final Function<String, JsonNode> admin;
  private final LongSupplier nanos;

  /**
   * @param admin gives what the admin port answers on a path
   */
  public GatewaySteps(Function<String, JsonNode> admin, LongSupplier nanos) {
    this.admin = admin;
    this.nanos = nanos;
  }

  /** All of them, in their order. */
  public List<Step> run() {
    List<Step> steps = new ArrayList<>();
    steps.add(health());
    steps.add(alerts());
    steps.add(replay());
    return steps;
  }

  private Step health() {
    String status = admin.apply("/health").path("status").asString("").toLowerCase(Locale.ROOT);
    Outcome outcome = HealthWords.PASSING.contains(status) ? Outcome.PASSED : Outcome.FAILED;
    String sentence = status.isEmpty() ? "it names no status" : "status: " + status;
    return Step.of("health", SUBJECT, outcome, sentence, Duration.ZERO);
  }

  private Step alerts() {
    List<String> open = new ArrayList<>();
    admin
        .apply("/outages")
        .path("open")
        .forEach(outage -> open.add(outage.path("id").asString("")));
    return open.isEmpty()
        ? Step.of("alerts", SUBJECT, Outcome.PASSED, "no outage is open", Duration.ZERO)
        : Step.of(
            "alerts",
            SUBJECT,
            Outcome.FAILED,
            "open still: " + String.join(", ", open),
            Duration.ZERO);
  }

  private Step replay() {
    long begun = nanos.getAsLong();
    long first = waiting();
    long left = first;
    for (int i = 0; i < MOST_LOOKS && left > 0; i++) {
      Mono.delay(LOOKS).block();
      left = waiting();
    }
    Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
    if (left == 0) {
      return Step.of("replay", SUBJECT, Outcome.PASSED, "no held write waits", took);
    }
    return left < first
        ? Step.of("replay", SUBJECT, Outcome.UNPROVEN, left + " held writes wait, and move", took)
        : Step.of(
            "replay", SUBJECT, Outcome.FAILED, left + " held writes wait, and none moves", took);
  }

  private long waiting() {
    JsonNode counts = admin.apply("/queue?limit=1").path("counts");
    return WAITING.stream().mapToLong(state -> counts.path(state).asLong(0)).sum();
  }
}
