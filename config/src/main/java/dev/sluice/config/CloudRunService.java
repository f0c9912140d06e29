package dev.sluice.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A service of Cloud Run as its YAML has it (Cloud Run Admin API v1, {@code Service}), as far as it
 * matters to a gateway in it.
 *
 * @param annotations of the revision template, by their whole names
 * @param concurrency requests that one instance is given at once
 * @param timeoutSeconds after which the platform answers itself
 * @param volumes kinds by name, such as {@code emptyDir}
 * @param places where annotations and other keys stand
 */
public record CloudRunService(
    String name,
    Map<String, String> annotations,
    int concurrency,
    int timeoutSeconds,
    List<Container> containers,
    Map<String, String> volumes,
    Place place,
    Map<String, Place> places) {
  private static final String SOME_SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  public CloudRunService {
    annotations = Map.copyOf(annotations);
    containers = List.copyOf(containers);
    volumes = Map.copyOf(volumes);
    places = Map.copyOf(places);
  }

  /**
   * One container.
   *
   * @param port null for a sidecar, which requests do not reach
   * @param env variables whose values stand in the file
   * @param secrets variables whose values come from a secret
   * @param words of command and arguments
   * @param memory its limit in bytes
   * @param mounts volumes by the paths that they are mounted at
   */
  public record Container(
      String name,
      @Nullable Integer port,
      Map<String, String> env,
      Set<String> secrets,
      List<String> words,
      long memory,
      @Nullable Probe startup,
      @Nullable Probe liveness,
      @Nullable Probe readiness,
      Map<String, String> mounts,
      Place place) {
    public Container {
      env = Map.copyOf(env);
      secrets = Set.copyOf(secrets);
      words = List.copyOf(words);
      mounts = Map.copyOf(mounts);
    }
  }

  /**
   * A probe of the platform's.
   *
   * @param path null where it is no HTTP request
   * @param port null where it is the container's own
   */
  public record Probe(@Nullable String path, @Nullable Integer port, Place place) {}

  /** The container that requests reach: the only one, or the one with a port. */
  public Optional<Container> ingress() {
    return containers.size() == 1
        ? Optional.of(containers.get(0))
        : containers.stream().filter(container -> container.port() != null).findFirst();
  }

  /**
   * The variables that the gateway's container has, or null for one that it has not. What comes
   * from a secret is not known and stands for itself: 32 bytes in base64, which pass for a key, a
   * token or a password.
   */
  public UnaryOperator<String> environment() {
    Map<String, String> all = new HashMap<>();
    all.put("K_SERVICE", name);
    ingress()
        .ifPresent(
            gateway -> {
              all.put("PORT", String.valueOf(gateway.port() == null ? 8080 : gateway.port()));
              gateway.secrets().forEach(secret -> all.put(secret, SOME_SECRET));
              all.putAll(gateway.env());
            });
    return all::get;
  }

  /** Where a key stands, or the file. */
  Place place(String key) {
    return places.getOrDefault(key, place);
  }

  /** The annotation of the template; empty where it is not there. */
  String annotation(String name) {
    return annotations.getOrDefault(name, "");
  }

  /** A number in an annotation; where it is not there or no number, the other one. */
  int number(String name, int otherwise) {
    String text = annotation(name);
    return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : otherwise;
  }
}
