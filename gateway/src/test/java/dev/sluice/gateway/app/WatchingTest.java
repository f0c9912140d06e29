package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that only watches. */
@Timeout(60)
class WatchingTest {
  @TempDir private Path folder;

  @Test
  void itSeesWhatIsWrongTakesNoRequestsAndKeepsNothing() throws Exception {
    AtomicInteger status = new AtomicInteger(200);
    AtomicInteger requests = new AtomicInteger();
    HttpServer backend =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    backend.createContext(
        "/",
        exchange -> {
          try (exchange) {
            requests.addAndGet(exchange.getRequestURI().getPath().equals("/health") ? 0 : 1);
            exchange.sendResponseHeaders(status.get(), -1);
          }
        });
    backend.start();
    try (Gateway gateway = Gateway.start(read(backend.getAddress().getPort()).watching(0))) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> page(gateway, "/verdict").contains("healthy"));
      status.set(500);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> page(gateway, "/verdict").contains("does not say why"));
      assertThat(page(gateway, "/verdict")).as("none is named").doesNotContain("database");
      assertThat(said(gateway.port())).as("what a client is told").isEmpty();
      assertThat(requests).hasValue(0);
      assertThat(page(gateway, "/")).contains("<html").contains("app");
      assertThat(folder.resolve("sluice.db")).doesNotExist();
    } finally {
      backend.stop(0);
    }
  }

  private Configuration read(int port) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("routes.yaml"),
            """
            environment: development
            admin: { on: main, token: "0123456789abcdef" }
            store: { url: "sqlite:%s", key: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" }
            backends:
              - { id: app, url: "http://127.0.0.1:%d", health: { path: /health, interval: 1s } }
            routes:
              - id: all
                match: { path: "/**", methods: [PUT] }
                backend: app
                writes: { accept: always, replay-as: gateway, principal: public }
            """
                .formatted(folder.resolve("sluice.db"), port));
    return Objects.requireNonNull(
        ConfigurationLoader.load(List.of(file), name -> null).configuration());
  }

  private static String page(Gateway gateway, String path)
      throws IOException, InterruptedException {
    URI url = URI.create("http://127.0.0.1:" + gateway.adminPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String said(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.net.SocketException e) {
      return ""; // closed before it was read
    }
  }
}
