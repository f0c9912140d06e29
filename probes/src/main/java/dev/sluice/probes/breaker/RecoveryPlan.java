package dev.sluice.probes.breaker;

import dev.sluice.probes.verdict.Detail;
import java.time.Duration;

/** How a dependency that is down is asked whether it is back, by what is wrong with it. */
public enum RecoveryPlan {
  /** A server that restarts is back in seconds. */
  EVERY_SECOND("It is probed every second."),

  /** What carries no packets is probed, and spared live requests. */
  PATH(
      "The way is probed every second; where the probes' way is not the backend's own, one live"
          + " request tries it per retry period."),

  /** What a login needs does not come back by itself. */
  LOGIN(
      "It is tried again once the probe's login works or the configuration changed; one live request"
          + " per retry period shows whether only the probe's own login fails."),

  /** Each probe takes one of the slots that are missing. */
  SLOTS("It is probed less and less often, since each probe takes one of its connections.");

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int DOUBLINGS = 6;
  private static final int CERTAIN = 3;

  private final String sentence;

  RecoveryPlan(String sentence) {
    this.sentence = sentence;
  }

  /** For an engineer on call. */
  public String sentence() {
    return sentence;
  }

  public static RecoveryPlan of(Detail detail) {
    return switch (detail) {
      case EGRESS, VPC_PATH, SERVICE_ACCESS, BACKEND_PATH, INSTANCE_UNREACHABLE -> PATH;
      case CREDENTIALS, ACCESS_RULE, MISSING_DATABASE, BACKEND_CREDENTIALS -> LOGIN;
      case CONNECTIONS_EXHAUSTED, CONNECTIONS_EXHAUSTED_BY_APP, CAPACITY -> SLOTS;
      default -> EVERY_SECOND;
    };
  }

  /**
   * The pause before the next probe, before any jitter; never longer than usual. Until it is
   * certain what is wrong it is a second.
   *
   * @param failed probes in a row
   */
  public Duration pause(int failed, Duration usual) {
    int certain = Math.max(0, failed - CERTAIN);
    Duration wished =
        this == SLOTS ? SECOND.multipliedBy(1L << Math.min(DOUBLINGS, certain)) : SECOND;
    return wished.compareTo(usual) < 0 ? wished : usual;
  }
}
