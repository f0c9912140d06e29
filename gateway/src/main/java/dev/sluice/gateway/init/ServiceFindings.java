package dev.sluice.gateway.init;

import dev.sluice.config.CloudRunService;
import dev.sluice.config.CloudRunService.Container;
import dev.sluice.gateway.init.Findings.HealthRoute;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a service's YAML tells of its backend, for Sluice as its sidecar. Pure. */
public final class ServiceFindings {
  /** Where the backend listens once Sluice has taken its port. */
  static final int BESIDE = 8081;

  private static final String CONNECTOR = "run.googleapis.com/vpc-access-connector";
  private static final String INTERFACES = "run.googleapis.com/network-interfaces";
  private static final String CLOUD_SQL = "run.googleapis.com/cloudsql-instances";
  private static final Pattern URL = Pattern.compile("(r2dbc:|jdbc:)?postgres(ql)?://.*");
  private static final Pattern NAME =
      Pattern.compile(".*(DATABASE|DATASOURCE|POSTGRES|R2DBC|PG|DB|SQL).*(URL|HOST|URI).*");

  private ServiceFindings() {}

  /**
   * What the file tells.
   *
   * @param origin the file's name
   */
  public static Findings of(CloudRunService service, String origin) {
    Optional<Container> backend = service.ingress();
    return new Findings(
        Findings.id(service.name()),
        URI.create("http://127.0.0.1:" + BESIDE),
        backend.map(ServiceFindings::health).orElse(null),
        backend.filter(ServiceFindings::database).isPresent()
            || service.annotations().containsKey(CLOUD_SQL),
        service.annotations().containsKey(CONNECTOR)
            || service.annotations().containsKey(INTERFACES),
        origin);
  }

  private static @Nullable HealthRoute health(Container backend) {
    for (CloudRunService.Probe probe :
        new CloudRunService.Probe[] {backend.readiness(), backend.startup(), backend.liveness()}) {
      if (probe != null && probe.path() != null) {
        boolean actuator = probe.path().startsWith("/actuator/");
        return new HealthRoute(probe.path(), actuator ? "actuator" : "status");
      }
    }
    return null;
  }

  private static boolean database(Container backend) {
    return backend.env().values().stream().anyMatch(value -> URL.matcher(value).matches())
        || backend.env().keySet().stream().anyMatch(ServiceFindings::named)
        || backend.secrets().stream().anyMatch(ServiceFindings::named);
  }

  private static boolean named(String variable) {
    return NAME.matcher(variable.toUpperCase(Locale.ROOT)).matches();
  }
}
