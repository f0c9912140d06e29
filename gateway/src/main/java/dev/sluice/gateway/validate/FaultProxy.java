package dev.sluice.gateway.validate;

import dev.sluice.gateway.outbound.OutboundClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A proxy before a dependency that can be switched off, by the HTTP API of Toxiproxy: a POST to its
 * own resource with {@code {"enabled": false}} has it end every connection and take no new one.
 * Blocks.
 */
public final class FaultProxy {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI resource;
  private final OutboundClient client = new OutboundClient(PATIENCE);

  /**
   * @param resource such as {@code http://127.0.0.1:8474/proxies/orders-db}
   */
  public FaultProxy(URI resource) {
    this.resource = resource;
  }

  /**
   * Lets connections pass, or not.
   *
   * @throws IOException with one sentence where it does not do so
   */
  public void passes(boolean on) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(resource)
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"enabled\": " + on + "}"))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2 || enabled(answer.body()) != on) {
        throw new IOException(
            "the fault proxy at %s does not follow: it answers %d"
                .formatted(resource, answer.statusCode()));
      }
    } catch (ConnectException e) {
      throw new IOException("no fault proxy answers at " + resource, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the fault proxy was not waited for", e);
    }
  }

  private static boolean enabled(String body) throws IOException {
    try {
      return JSON.readTree(body).path("enabled").asBoolean(false);
    } catch (JacksonException e) {
      throw new IOException("what answers there is no fault proxy", e);
    }
  }
}
