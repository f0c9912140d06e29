package dev.sluice.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP service behind the gateway.
 *
 * @param addresses where it is served, at least one; each name may have several addresses
 * @param tls how its certificates are checked; null where it speaks plain HTTP
 * @param dependsOn ids of dependencies
 * @param required of those where the file says so, whether the backend cannot do without it
 * @param health its own health route; null when it has none
 * @param metrics where its connection pool's figures are read; null where it shows none
 * @param connectDeadline to establish a connection
 * @param responseDeadline from the end of the request to the response head
 * @param idleDeadline how long a response body may make no progress
 * @param onBehalfOfKey signs on whose behalf a replayed write is sent; null: it is not said
 * @param http2 it is spoken to in HTTP/2: over TLS where it agrees (ALPN), else by prior knowledge
 * @param auth how the gateway shows who it is; null: it does not
 * @param markerHeader a response that carries it was made by the application
 */
public record Backend(
    String id,
    List<Address> addresses,
    @Nullable Tls tls,
    List<String> dependsOn,
    Map<String, Boolean> required,
    @Nullable HealthProbe health,
    @Nullable Metrics metrics,
    Duration connectDeadline,
    Duration responseDeadline,
    Duration idleDeadline,
    Pool pool,
    Concurrency concurrency,
    @Nullable Secret onBehalfOfKey,
    boolean http2,
    @Nullable Auth auth,
    String markerHeader,
    Place place) {
  public Backend {
    addresses = List.copyOf(addresses);
    dependsOn = List.copyOf(dependsOn);
    required = Map.copyOf(required);
  }

  /** A host, a name or an address without brackets, and a port. */
  public record Address(String host, int port) {
    /** As a Host header has it (RFC 9110, section 7.2). */
    public String authority() {
      return Addresses.bracketed(host) + ":" + port;
    }

    boolean loopback() {
      return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }
  }

  /**
   * How an https backend is known.
   *
   * @param ca a PEM file of the authorities that are believed, from the working directory on; null:
   *     those of the platform
   * @param serverName the name that is asked for and checked; null: the address's host
   */
  public record Tls(@Nullable String ca, @Nullable String serverName) {}

  /**
   * The gateway shows an ID token of the service account that it runs as, such as Cloud Run asks
   * for.
   *
   * @param audience whom the token is for
   */
  public record Auth(String audience) {}

  /**
   * The connections kept between requests.
   *
   * @param size idle ones kept per event loop
   * @param idle how long one is kept unused: shorter than the backend keeps it
   * @param lifetime how long one is used at all, so that a change of addresses is followed
   */
  public record Pool(int size, Duration idle, Duration lifetime) {}

  /**
   * How many requests are sent at once, over all event loops.
   *
   * @param adaptive the limit follows the backend's latency; otherwise it is {@code most}
   * @param least the limit never falls below
   * @param most the limit never grows above
   * @param maxWaiting requests that may wait for their turn
   * @param maxWait how long one waits before it is shed
   */
  public record Concurrency(
      boolean adaptive, int least, int most, int maxWaiting, Duration maxWait) {
    /** What holds where a file says nothing. */
    public static final Concurrency DEFAULT =
        new Concurrency(true, 20, 2000, 1000, Duration.ofSeconds(1));
  }

  /** Its addresses as a route file has them, such as {@code https://10.0.0.7:8443}. */
  public List<String> urls() {
    String scheme = tls == null ? "http://" : "https://";
    return addresses.stream().map(address -> scheme + address.authority()).toList();
  }

  /** What its certificate must name at this address: {@code server-name}, or the host. */
  public String serverName(Address address) {
    return tls == null || tls.serverName() == null ? address.host() : tls.serverName();
  }

  /** The first of its addresses. */
  public Address address() {
    return addresses.get(0);
  }

  /**
   * True when the backend is reached over loopback, so that the gateway shares its network
   * namespace.
   */
  public boolean sharesNetwork() {
    return addresses.stream().allMatch(Address::loopback);
  }

  /** Figures in Prometheus' text format, read as often as the health route is asked. */
  public record Metrics(String path) {
    /** Without the values of the path's query. */
    @Override
    public String toString() {
      return "Metrics[path=" + Masks.url(path) + "]";
    }
  }

  /**
   * How the backend's own health route is read.
   *
   * @param map components of its body by name, whose names do not tell, to the ids of dependencies
   */
  public record HealthProbe(
      String path, Format format, Duration interval, Duration deadline, Map<String, String> map) {
    public HealthProbe {
      map = Map.copyOf(map);
    }

    /** Components are told by their names alone. */
    public HealthProbe(String path, Format format, Duration interval, Duration deadline) {
      this(path, format, interval, deadline, Map.of());
    }

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
