package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP to a gateway in a process of its own: it would end any other Java process. */
@Timeout(60)
class HangUpTest {
  private final HttpClient http = HttpClient.newHttpClient();

  private static HttpServer backend(String text) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 10);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, text.length());
          exchange.getResponseBody().write(text.getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String routes(HttpServer backend) {
    return """
        listen: { port: 0, host: 127.0.0.1 }
        admin: { port: 0 }
        backends:
          - { id: app, url: "http://127.0.0.1:%d" }
        routes:
          - { id: all, match: { path: "/**" }, backend: app }
        """
        .formatted(backend.getAddress().getPort());
  }

  private String get(int port, String path) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theFilesAreReadAgainAndTheProcessLivesOn(@TempDir Path folder) throws IOException {
    HttpServer one = backend("one");
    HttpServer two = backend("two");
    Path file = Files.writeString(folder.resolve("routes.yaml"), routes(one));
    try (GatewayProcess gateway = GatewayProcess.start(file)) {
      assertThat(get(gateway.port(), "/")).isEqualTo("one");
      gateway.hangUp();
      await()
          .until(() -> get(gateway.adminPort(), "/-/reload").contains("\"result\":\"unchanged\""));
      Files.writeString(file, routes(two));
      gateway.hangUp();
      await().until(() -> get(gateway.port(), "/").equals("two"));
      gateway.requireNoLeaks();
    } finally {
      one.stop(0);
      two.stop(0);
    }
  }
}
