package dev.sluice.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP service behind the gateway.
 *
 * @param dependsOn ids of dependencies
 * @param health its own health route; null when it has none
 * @param connectDeadline to establish a connection
 * @param responseDeadline from the end of the request to the response head
 * @param idleDeadline how long a response body may make no progress
 * @param poolSize idle connections kept per event loop
 * @param markerHeader a response that carries it was made by the application
 */
public record Backend(
    String id,
    String host,
    int port,
    List<String> dependsOn,
    @Nullable HealthProbe health,
    Duration connectDeadline,
    Duration responseDeadline,
    Duration idleDeadline,
    int poolSize,
    String markerHeader,
    Place place) {
  public Backend {
    dependsOn = List.copyOf(dependsOn);
  }

  /**
   * True when the backend is reached over loopback, so that the gateway shares its network
   * namespace.
   */
  public boolean sharesNetwork() {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  /** Host and port as a Host header has them. */
  public String authority() {
    return Addresses.bracketed(host) + ":" + port;
  }

  /** How the backend's own health route is read. */
  public record HealthProbe(String path, Format format, Duration interval, Duration deadline) {
    /** Without the values of the path's query. */
    @Override
    public String toString() {
      return "HealthProbe[path=" + Masks.url(path) + ", format=" + format + "]";
    }
  }

  /** The shape of a health body. */
  public enum Format {
    ACTUATOR,
    HEALTH_JSON,
    STATUS
  }
}
