package dev.sluice.gateway.init;

import dev.sluice.gateway.init.Findings.HealthRoute;
import dev.sluice.gateway.outbound.OutboundClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a backend for its health route. Blocks, for some seconds at most. */
public final class Scout {
  /** Where backends tell how they are: Spring Boot, MicroProfile, Kubernetes and Go by habit. */
  static final List<String> USUAL =
      List.of("/actuator/health", "/health", "/healthz", "/health/ready", "/q/health", "/readyz");

  /** Whoever answers this well, such as an application of one page, is not telling how it is. */
  private static final String NONSENSE = "/sluice-asks-for-nothing-that-is-there";

  private static final String STATUS = "status";
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int LONGEST = 64 << 10;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final OutboundClient client = new OutboundClient(PATIENCE);
  private final URI backend;

  private Scout(URI backend) {
    this.backend = backend;
  }

  /**
   * The first of the usual health routes that answers; null where none does.
   *
   * @throws IOException where the backend cannot be reached at all
   */
  public static @Nullable HealthRoute find(URI backend) throws IOException {
    Scout scout = new Scout(backend);
    boolean answersAnything = scout.ask(NONSENSE) != null;
    for (String path : USUAL) {
      HealthRoute route = scout.ask(path);
      if (route != null && !(answersAnything && route.format().equals(STATUS))) {
        return route;
      }
    }
    return null;
  }

  private @Nullable HealthRoute ask(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(backend.resolve(path)).timeout(PATIENCE).GET().build();
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        String text = new String(body.readNBytes(LONGEST), StandardCharsets.UTF_8);
        return route(path, answer.statusCode(), text);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** An unwell backend answers 503, which is an answer of its health route all the same. */
  static @Nullable HealthRoute route(String path, int status, String body) {
    String said = status(body);
    boolean well = status / 100 == 2;
    if (said != null && (well || status == 503)) {
      return new HealthRoute(
          path, said.matches("UP|DOWN|OUT_OF_SERVICE|UNKNOWN") ? "actuator" : "health-json");
    }
    return well ? new HealthRoute(path, STATUS) : null;
  }

  private static @Nullable String status(String body) {
    try {
      JsonNode status = JSON.readTree(body).path(STATUS);
      return status.isString() ? status.asString() : null;
    } catch (JacksonException e) {
      return null;
    }
  }
}
