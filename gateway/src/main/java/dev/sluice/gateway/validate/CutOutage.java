package dev.sluice.gateway.validate;

import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The connection to the dependency is really cut, for the gateway and for whoever else comes the
 * same way: the gateway must notice, say that the infrastructure is at fault, and be well again
 * once the connection is back.
 */
public final class CutOutage implements Outage {
  private static final Duration NOTICES = Duration.ofSeconds(60);
  private static final Duration RECOVERS = Duration.ofMinutes(2);
  private static final Duration LOOKS = Duration.ofMillis(200);
  private static final int USERS = 3;

  private final Switchboard admin;
  private final FaultProxy proxy;
  private final String dependency;
  private final LongSupplier nanos;
  private long before;
  private long since;
  private long allowed;
  private boolean cut;

  public CutOutage(Switchboard admin, FaultProxy proxy, String dependency, LongSupplier nanos) {
    this.admin = admin;
    this.proxy = proxy;
    this.dependency = dependency;
    this.nanos = nanos;
  }

  @Override
  public Begun begin(long refusals) {
    allowed = USERS + refusals;
    String unwell = unwell();
    if (unwell != null) {
      return notBegun(Outcome.UNPROVEN, unwell + " is not well: a drill waits until all is well");
    }
    before = missed();
    cut = true;
    try {
      proxy.passes(false);
    } catch (IOException e) {
      cut = false;
      String still = healed() == null ? "" : "; whether it is cut is not known";
      return notBegun(Outcome.UNPROVEN, e.getMessage() + still);
    }
    Step noticed = noticed();
    since = missed();
    return new Begun(noticed.outcome() == Outcome.PASSED, List.of(noticed, blamed()));
  }

  private Begun notBegun(Outcome outcome, String why) {
    return new Begun(false, List.of(Step.of("cut", dependency, outcome, why, Duration.ZERO)));
  }

  /** Whoever is not; null when all are. */
  private @Nullable String unwell() {
    for (Map.Entry<String, JsonNode> each : verdicts().properties()) {
      boolean closed = each.getValue().path("breaker").asString("").equals("closed");
      if (!closed || !each.getValue().path("detail").asString("").equals("healthy")) {
        return each.getKey();
      }
    }
    return null;
  }

  private Step noticed() {
    long begun = nanos.getAsLong();
    boolean open = eventually(NOTICES, said -> said.path("breaker").asString("").equals("open"));
    Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
    String sentence =
        open
            ? String.format(Locale.ROOT, "the breaker is open after %.1f s", seconds(took))
            : "the breaker is not open after %d s".formatted(NOTICES.toSeconds());
    return Step.of("noticed", dependency, open ? Outcome.PASSED : Outcome.FAILED, sentence, took);
  }

  /** What was cut is the way: nobody's application is to blame. */
  private Step blamed() {
    long begun = nanos.getAsLong();
    boolean right =
        eventually(
            Duration.ofSeconds(10),
            said -> said.path("cause").asString("").equals("INFRASTRUCTURE"));
    JsonNode said = verdicts().path(dependency);
    String sentence =
        "the verdict is %s %s"
            .formatted(said.path("cause").asString("none"), said.path("detail").asString("none"));
    return Step.of(
        "verdict",
        dependency,
        right ? Outcome.PASSED : Outcome.FAILED,
        sentence,
        Duration.ofNanos(nanos.getAsLong() - begun));
  }

  @Override
  public @Nullable String trouble() {
    long failed = missed() - since;
    return failed <= allowed
        ? null
        : "%d requests of clients failed after the breaker was open".formatted(failed);
  }

  @Override
  public String told() {
    return "%d answers failed until the cut was noticed, %d since"
        .formatted(since - before, missed() - since);
  }

  @Override
  public List<Step> end() {
    if (!cut) {
      return List.of();
    }
    long begun = nanos.getAsLong();
    List<Step> steps = new ArrayList<>();
    String still = healed();
    if (still != null) {
      steps.add(Step.of("healed", dependency, Outcome.FAILED, still, Duration.ZERO));
      return steps;
    }
    boolean well = eventually(RECOVERS, said -> unwell() == null);
    Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
    String sentence =
        well
            ? String.format(
                Locale.ROOT, "all breakers are closed and all is well after %.1f s", seconds(took))
            : unwell() + " is not well after %d s".formatted(RECOVERS.toSeconds());
    steps.add(
        Step.of("healed", dependency, well ? Outcome.PASSED : Outcome.FAILED, sentence, took));
    return steps;
  }

  @Override
  public void abandon() {
    if (cut) {
      healed();
    }
  }

  /** Null, or why it is cut still. */
  private @Nullable String healed() {
    try {
      proxy.passes(true);
      return null;
    } catch (IOException e) {
      return e.getMessage() + ": it is still cut, and must be switched on by hand";
    }
  }

  private boolean eventually(Duration limit, Predicate<JsonNode> wanted) {
    long begun = nanos.getAsLong();
    boolean so = wanted.test(verdicts().path(dependency));
    while (!so && nanos.getAsLong() - begun < limit.toNanos()) {
      Mono.delay(LOOKS).block();
      so = wanted.test(verdicts().path(dependency));
    }
    return so;
  }

  private JsonNode verdicts() {
    return admin.ask("GET", "/verdict").body().path("verdicts");
  }

  /** What clients asked for in vain since the gateway's start. */
  private long missed() {
    JsonNode now = admin.ask("GET", "/-/drill").body();
    return now.path("clients-failed").asLong(0) + now.path("clients-refused").asLong(0);
  }

  private static double seconds(Duration took) {
    return took.toMillis() / 1000.0;
  }
}
