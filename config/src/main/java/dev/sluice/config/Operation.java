package dev.sluice.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who answers for what, and on what it runs.
 *
 * @param owners by the label of a detail: the team that it is handed to instead of the usual one
 * @param platform null where the files name none
 * @param issuer of the tokens that callers show; null where none is believed
 */
public record Operation(
    Map<String, String> owners,
    @Nullable Platform platform,
    @Nullable TokenIssuer issuer,
    AccessLog accessLog,
    Alerts alerts,
    Exports exports,
    Validation validation) {
  public static final Operation NONE =
      new Operation(
          Map.of(), null, null, AccessLog.DEFAULT, Alerts.NONE, Exports.NONE, Validation.USUAL);

  /** The details that somebody owns, as reports write them. */
  public static final List<String> DETAILS =
      List.of(
          "egress",
          "vpc-path",
          "service-access",
          "backend-path",
          "instance-unreachable",
          "server-refusing",
          "dns-failure",
          "dns-no-such-name",
          "silent-server",
          "restarting",
          "tls",
          "credentials",
          "access-rule",
          "missing-database",
          "pooler",
          "read-only-node",
          "connections-exhausted",
          "saturated",
          "disk-full",
          "out-of-memory",
          "partial-addresses",
          "backend-credentials",
          "connections-exhausted-by-app",
          "schema",
          "grants",
          "slow-query",
          "lock-wait",
          "pool-exhausted",
          "pool-stuck",
          "app-error",
          "app-down",
          "platform-or-app",
          "capacity",
          "app-silent");

  public Operation {
    owners = Map.copyOf(owners);
  }

  /** The same with another issuer. */
  public Operation with(@Nullable TokenIssuer other) {
    return new Operation(owners, platform, other, accessLog, alerts, exports, validation);
  }

  /** The same that alerts nobody and sends nothing anywhere. */
  Operation quiet() {
    return new Operation(
        owners, platform, issuer, accessLog, Alerts.NONE, Exports.NONE, validation);
  }

  /** The same that sends elsewhere. */
  public Operation with(Exports other) {
    return new Operation(owners, platform, issuer, accessLog, alerts, other, validation);
  }

  /**
   * The cloud project that everything runs in, for the commands that remedies print.
   *
   * @param connector of serverless VPC access; null where there is none
   * @param instances Cloud SQL instances by the ids of dependencies
   * @param services Cloud Run services by the ids of backends
   * @param facts whether its APIs are asked for evidence
   */
  public record Platform(
      Kind kind,
      String project,
      String region,
      @Nullable String connector,
      Map<String, String> instances,
      Map<String, String> services,
      boolean facts) {
    public Platform {
      instances = Map.copyOf(instances);
      services = Map.copyOf(services);
    }

    /** Platforms whose commands are known. */
    public enum Kind {
      GCP
    }
  }
}
