package dev.sluice.gateway.platform;

import dev.sluice.gateway.outbound.OutboundClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks Google's APIs with a token of the metadata server, one question at a time; every wait has a
 * deadline, every answer a bound. Belongs to one thread that may block.
 */
final class Asking {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration WHOLE = Duration.ofSeconds(4);
  private static final Duration EARLIER = Duration.ofMinutes(4);
  private static final int MOST_BYTES = 256 * 1024;
  private static final String TOKEN = "/computeMetadata/v1/instance/service-accounts/default/token";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final OutboundClient client = new OutboundClient(CONNECT);
  private final URI metadata;
  private final InstantSource clock;
  private String token = "";
  private Instant renewed = Instant.MIN;

  Asking(URI metadata, InstantSource clock) {
    this.metadata = metadata;
    this.clock = clock;
  }

  /** An answer that is none: why, in a clause. */
  static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1;

    Unanswered(String why) {
      super(why, null, false, false);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  /** The answer to a GET. */
  JsonNode get(URI base, String pathAndQuery) throws Unanswered {
    return get(base.resolve(pathAndQuery), Map.of("Authorization", "Bearer " + token()));
  }

  private String token() throws Unanswered {
    if (clock.instant().isAfter(renewed)) {
      JsonNode answer = get(metadata.resolve(TOKEN), Map.of("Metadata-Flavor", "Google"));
      token = answer.path("access_token").asString("");
      long seconds = answer.path("expires_in").asLong(0);
      renewed = clock.instant().plusSeconds(seconds).minus(EARLIER);
    }
    return token;
  }

  private JsonNode get(URI url, Map<String, String> headers) throws Unanswered {
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(WHOLE).GET();
    headers.forEach(request::header);
    try {
      HttpResponse<InputStream> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        byte[] bytes = body.readNBytes(MOST_BYTES);
        if (answer.statusCode() != 200) {
          throw new Unanswered(refusal(answer.statusCode()));
        }
        return JSON.readTree(bytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unanswered("it was not waited for");
    } catch (IOException | JacksonException e) {
      throw new Unanswered("no answer (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static String refusal(int status) {
    return switch (status) {
      case 401, 403 -> "refused with " + status + ", a role is missing";
      case 404 -> "there is none of that name";
      case 429 -> "its quota is used up (429)";
      default -> "answered " + status;
    };
  }
}
