package dev.sluice.gateway.proxy;

import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import dev.sluice.gateway.app.Gateway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** A whole gateway on a route file that the test rewrites. */
final class ReloadRig implements AutoCloseable {
  static final String TOKEN = "0123456789abcdef";
  private static final String HEAD =
      """
      environment: test
      mode: enforce
      listen: { port: 0, host: 127.0.0.1, threads: 2, drain: 1s, drain-notice: 1ms%s }
      admin: { port: 0, token: "%s" }
      """;

  final Path file;
  final Gateway gateway;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Starts with this file; what {@link #HEAD} says stands before it. */
  ReloadRig(Path folder, String routes) throws IOException {
    file = folder.resolve("routes.yaml");
    write(routes);
    LoadResult loaded = ConfigurationLoader.load(List.of(file), name -> null);
    gateway =
        Gateway.start(
            Objects.requireNonNull(loaded.configuration(), () -> loaded.errors().toString()),
            List.of(file));
  }

  void write(String routes) throws IOException {
    write("", routes);
  }

  void write(String listen, String routes) throws IOException {
    Files.writeString(file, HEAD.formatted(listen, TOKEN) + routes);
  }

  /** A backend and one route to it. */
  static String version(int backendPort) {
    return """
        backends:
          - { id: app, url: "http://127.0.0.1:%d" }
        routes:
          - { id: all, match: { path: "/**" }, backend: app }
        """
        .formatted(backendPort);
  }

  HttpResponse<String> post() throws IOException, InterruptedException {
    return post(TOKEN);
  }

  HttpResponse<String> post(String token) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(admin("/-/reload"))
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.noBody());
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  String page(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(admin(path)).timeout(Duration.ofSeconds(10)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private URI admin(String path) {
    return URI.create("http://127.0.0.1:" + gateway.adminPort() + path);
  }

  WireClient client() throws IOException {
    return new WireClient(gateway.port());
  }

  @Override
  public void close() {
    gateway.close();
  }
}
