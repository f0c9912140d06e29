package dev.sluice.gateway.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The admin port of a running gateway, read only. */
final class AdminPort {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final URI url;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  AdminPort(CommandLine command, URI url) {
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
      throw new ParameterException(command, "--admin must be an http or https URL");
    }
    this.url = url;
  }

  /** What stands at a path; null where nothing does. */
  @Nullable String get(String path) {
    HttpRequest request = HttpRequest.newBuilder(url.resolve(path)).timeout(PATIENCE).build();
    try {
      HttpResponse<String> answer =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      // A gateway that fails says so with its status: that is worth reading too.
      return answer.statusCode() == 404 ? null : answer.body();
    } catch (IOException e) {
      throw new IllegalStateException("no gateway answers at " + url + " (" + e + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("it was not waited for", e);
    }
  }
}
