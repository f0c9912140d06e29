package dev.sluice.gateway.validate;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Comes to a gateway's port as any client does, one request after the other. Blocks. */
public final class Visitor {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 256 * 1024;

  private final URI gateway;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * @param gateway where it listens, without a path
   */
  public Visitor(URI gateway) {
    this.gateway = gateway;
  }

  /**
   * What came back.
   *
   * @param status 0 where nothing came
   * @param body at most 256 KiB of it; where nothing came, why
   * @param write how a held write stands, where the answer is a monitor's
   */
  public record Answer(
      int status,
      String body,
      @Nullable String cacheStatus,
      @Nullable String location,
      @Nullable String write) {
    /** Whether it is a stored copy (RFC 9211). */
    public boolean stored() {
      return cacheStatus != null && cacheStatus.contains("hit");
    }

    /** Whether it is 2xx. */
    public boolean well() {
      return status / 100 == 2;
    }

    /** Such as {@code 503}, or why there is none. */
    public String said() {
      return status == 0 ? "nothing: " + body : String.valueOf(status);
    }
  }

  /** Reads; a stored copy will do. */
  public Answer read(String path) {
    return sent(request(path).GET());
  }

  /** Reads what the backend says now. */
  public Answer readAnew(String path) {
    return sent(request(path).header("Cache-Control", "no-cache").GET());
  }

  /** Writes; {@code Idempotency-Key} names the write, so that it may be held. */
  public Answer write(String path, String body, String contentType, String key) {
    return sent(
        request(path)
            .header("Content-Type", contentType)
            .header("Idempotency-Key", '"' + key + '"')
            .header("Prefer", "respond-async")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Removes. */
  public Answer remove(String path) {
    return sent(request(path).DELETE());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.resolve(path)).timeout(PATIENCE);
  }

  private Answer sent(HttpRequest.Builder request) {
    try {
      HttpResponse<InputStream> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        return new Answer(
            answer.statusCode(),
            new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8),
            answer.headers().firstValue("Cache-Status").orElse(null),
            answer.headers().firstValue("Location").orElse(null),
            answer.headers().firstValue("Sluice-Write").orElse(null));
      }
    } catch (IOException e) {
      return nothing(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return nothing("it was not waited for");
    }
  }

  private static Answer nothing(String why) {
    return new Answer(0, why, null, null, null);
  }
}
