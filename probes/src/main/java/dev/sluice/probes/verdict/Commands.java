package dev.sluice.probes.verdict;

import dev.sluice.config.Configuration;
import dev.sluice.config.Operation.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The commands that look further into a verdict, ready to be copied: with project, region and
 * resource of the route files filled in, or in capitals what they do not say. They read and change
 * nothing. Pure.
 */
public final class Commands {
  private final @Nullable Platform platform;
  private final @Nullable String instance;
  private final String service;

  private Commands(Configuration configuration, String subject) {
    this.platform = configuration.operation().platform();
    this.instance = instance(configuration, subject);
    this.service = service(configuration, subject);
  }

  /** In the order in which they are best run; empty without a platform or a fault. */
  public static List<String> of(Verdict verdict, Configuration configuration) {
    boolean gcp = configuration.operation().platform() != null;
    return gcp && verdict.cause() != Cause.NONE
        ? new Commands(configuration, verdict.subject()).of(verdict.detail())
        : List.of();
  }

  /** Of the dependency, or of the only one that the backend needs. */
  private static @Nullable String instance(Configuration configuration, String subject) {
    Platform platform = configuration.operation().platform();
    List<String> ids =
        configuration.backend(subject).map(backend -> backend.dependsOn()).orElse(List.of(subject));
    List<String> found = new ArrayList<>();
    ids.forEach(id -> add(found, platform == null ? null : platform.instances().get(id)));
    return found.size() == 1 ? found.get(0) : null;
  }

  private static void add(List<String> to, @Nullable String name) {
    if (name != null) {
      to.add(name);
    }
  }

  /** Of the backend, or of the first that needs the dependency. */
  private static String service(Configuration configuration, String subject) {
    Platform platform = configuration.operation().platform();
    return configuration.backends().stream()
        .filter(b -> b.id().equals(subject) || b.dependsOn().contains(subject))
        .map(b -> platform == null ? null : platform.services().get(b.id()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("SERVICE");
  }

  private List<String> of(Detail detail) {
    return switch (detail) {
      case VPC_PATH, EGRESS, BACKEND_PATH -> List.of(connector(), egress());
      case SERVICE_ACCESS -> List.of(peerings(), state());
      case INSTANCE_UNREACHABLE, SERVER_REFUSING, SILENT_SERVER, RESTARTING, READ_ONLY_NODE ->
          List.of(state(), operations());
      case DNS_FAILURE, DNS_NO_SUCH_NAME -> List.of(zones(), state());
      case TLS -> List.of(sql("gcloud sql ssl server-ca-certs list"), state());
      case CREDENTIALS, ACCESS_RULE, BACKEND_CREDENTIALS ->
          List.of(sql("gcloud sql users list"), revisions());
      case MISSING_DATABASE -> List.of(sql("gcloud sql databases list"), operations());
      case CONNECTIONS_EXHAUSTED, CONNECTIONS_EXHAUSTED_BY_APP, CAPACITY ->
          List.of(flags(), instances());
      case SATURATED, DISK_FULL, OUT_OF_MEMORY -> List.of(size(), operations());
      case SCHEMA, GRANTS, SLOW_QUERY, LOCK_WAIT, POOL_EXHAUSTED, POOL_STUCK ->
          List.of(revisions(), log());
      case APP_ERROR, APP_DOWN, APP_SILENT, PLATFORM_OR_APP -> List.of(log(), revisions());
      default -> List.of();
    };
  }

  private String project() {
    return platform == null ? "PROJECT" : platform.project();
  }

  private String region() {
    return platform == null ? "REGION" : platform.region();
  }

  private String connector() {
    String name = platform == null ? null : platform.connector();
    return "gcloud compute networks vpc-access connectors describe %s --region=%s --project=%s"
        .formatted(name == null ? "CONNECTOR" : name, region(), project());
  }

  /** What the revision that serves says of its way out. */
  private String egress() {
    return run("describe", "--format='yaml(spec.template.metadata.annotations)'");
  }

  private String peerings() {
    return "gcloud services vpc-peerings list --network=NETWORK --project=" + project();
  }

  private String zones() {
    return "gcloud dns managed-zones list --project=" + project();
  }

  private String name() {
    return instance == null ? "INSTANCE" : instance;
  }

  private String sql(String command) {
    return "%s --instance=%s --project=%s".formatted(command, name(), project());
  }

  private String described(String fields) {
    return "gcloud sql instances describe %s --project=%s --format='yaml(%s)'"
        .formatted(name(), project(), fields);
  }

  private String state() {
    return described("state,settings.activationPolicy,ipAddresses");
  }

  private String flags() {
    return described("settings.tier,settings.databaseFlags");
  }

  private String size() {
    return described("settings.tier,settings.dataDiskSizeGb,settings.storageAutoResize");
  }

  private String operations() {
    return sql("gcloud sql operations list --limit=5");
  }

  private String run(String verb, String more) {
    return "gcloud run services %s %s --region=%s --project=%s %s"
        .formatted(verb, service, region(), project(), more);
  }

  /** How many instances hold a pool each. */
  private String instances() {
    return run("describe", "--format='yaml(spec.template.metadata.annotations,status.traffic)'");
  }

  private String revisions() {
    return "gcloud run revisions list --service=%s --region=%s --project=%s --limit=5"
        .formatted(service, region(), project());
  }

  private String log() {
    return ("gcloud logging read 'resource.type=cloud_run_revision AND"
            + " resource.labels.service_name=%s AND severity>=ERROR' --project=%s --freshness=1h"
            + " --limit=20")
        .formatted(service, project());
  }
}
