package dev.sluice.gateway.cli;

import dev.sluice.gateway.validate.Switchboard;
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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The admin port of a running gateway. */
final class AdminPort {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final URI url;
  private final @Nullable String token;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  AdminPort(URI url, @Nullable String token) {
    this.url = url;
    this.token = token;
  }

  /** At this URL, with the token of the variable SLUICE_ADMIN_TOKEN; a usage error for others. */
  static AdminPort at(CommandLine command, URI url) {
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
      throw new ParameterException(command, "--admin must be an http or https URL");
    }
    return new AdminPort(url, System.getenv("SLUICE_ADMIN_TOKEN"));
  }

  /** Whether it may be asked to change something. */
  boolean mayChange() {
    return token != null;
  }

  /** What was answered. */
  record Answer(int status, String body) {}

  /**
   * Asks it; blocks.
   *
   * @throws Held.Unreachable where nobody answers
   */
  Answer ask(String method, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new Held.Unreachable("no gateway answers at " + url + " (" + e + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Held.Unreachable("it was not waited for");
    }
  }

  /**
   * The same, read as JSON.
   *
   * @throws Held.Unreachable where no gateway answers
   */
  Switchboard.Said said(String method, String path) {
    Answer answer = ask(method, path);
    try {
      return new Switchboard.Said(answer.status(), JSON.readTree(answer.body()));
    } catch (JacksonException e) {
      throw new Held.Unreachable("no gateway answers at " + this);
    }
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
