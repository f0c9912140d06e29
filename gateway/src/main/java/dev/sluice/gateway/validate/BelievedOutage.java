package dev.sluice.gateway.validate;

import dev.sluice.probes.validation.Outcome;
import dev.sluice.probes.validation.Step;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The gateway decides as if the dependency were down, which nobody touches. */
public final class BelievedOutage implements Outage {
  private static final String DESK = "/-/drill";
  private static final int USERS = 3;
  private static final int MOST_FAILURES = 100;

  private final Switchboard admin;
  private final String dependency;
  private final Duration time;
  private final boolean production;
  private boolean begun;

  /**
   * @param time after which the gateway ends the drill whatever happens here
   * @param production whether it may be in production
   */
  public BelievedOutage(Switchboard admin, String dependency, Duration time, boolean production) {
    this.admin = admin;
    this.dependency = dependency;
    this.time = time;
    this.production = production;
  }

  @Override
  public Begun begin(long refusals) {
    Switchboard.Said said =
        admin.ask(
            "POST",
            "%s?dependency=%s&seconds=%d&failures=%d%s"
                .formatted(
                    DESK,
                    dependency,
                    time.toSeconds(),
                    Math.min(MOST_FAILURES, USERS + refusals),
                    production ? "&production=yes" : ""));
    if (said.status() == 200) {
      begun = true;
      return new Begun(true, List.of());
    }
    String why = said.body().path("detail").asString("status " + said.status());
    return new Begun(
        false, List.of(Step.of("drill", dependency, Outcome.UNPROVEN, why, Duration.ZERO)));
  }

  @Override
  public @Nullable String trouble() {
    JsonNode now = now();
    return now.path("running").asBoolean(false)
        ? null
        : "the drill ended itself: " + now.path("why").asString("nobody knows why");
  }

  @Override
  public String told() {
    return "the drill ran on, %d answers failed".formatted(now().path("failed").asInt(0));
  }

  private JsonNode now() {
    return admin.ask("GET", DESK).body();
  }

  @Override
  public List<Step> end() {
    abandon();
    return List.of();
  }

  @Override
  public void abandon() {
    if (begun) {
      admin.ask("DELETE", DESK);
    }
  }
}
