package dev.sluice.demo.tour;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;

/** A client of the gateway. Blocks. */
public final class Caller {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(DEADLINE).version(HttpClient.Version.HTTP_1_1).build();
  private final IntSupplier port;

  public Caller(IntSupplier port) {
    this.port = port;
  }

  /** An answer; status 0 when there was none. */
  public record Answer(int status, String body, HttpResponse<String> raw) {
    public Optional<String> header(String name) {
      return raw.headers().firstValue(name);
    }

    @Override
    public String toString() {
      return status + " " + body;
    }
  }

  public Answer get(String path) {
    return send(request(path).GET());
  }

  public Answer delete(String path) {
    return send(request(path).DELETE());
  }

  /** A write with a body of JSON; a key makes it safe to send again. */
  public Answer write(String method, String path, String json, Optional<String> key) {
    HttpRequest.Builder builder =
        request(path)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json));
    key.ifPresent(value -> builder.header("Idempotency-Key", value));
    return send(builder);
  }

  /** A write that its client would rather have held than refused (RFC 7240). */
  Answer writeAsync(String method, String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Prefer", "respond-async")
            .method(method, HttpRequest.BodyPublishers.ofString(json)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.getAsInt() + path))
        .timeout(DEADLINE);
  }

  private Answer send(HttpRequest.Builder builder) {
    try {
      HttpResponse<String> response =
          client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
