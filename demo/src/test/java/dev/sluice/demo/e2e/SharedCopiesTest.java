package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.demo.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gateways in processes of their own on one store: in an outage each serves what any of them was
 * answered, one that starts in the middle of it too, and none what a write through another has
 * outdated.
 */
@Timeout(180)
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = Contended.PROCESSOR, mode = ResourceAccessMode.READ)
class SharedCopiesTest {
  private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final Duration SOON = Duration.ofSeconds(40);

  private final CopyOnWriteArrayList<GatewayProcess> gateways = new CopyOnWriteArrayList<>();
  private final AtomicInteger stock = new AtomicInteger(5);
  private final AtomicInteger asked = new AtomicInteger();
  private EmbeddedPostgres store;
  private HttpServer backend;
  private Path routes;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    store = EmbeddedPostgres.start();
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    backend.createContext(
        "/",
        exchange -> {
          try (exchange) {
            boolean read = exchange.getRequestMethod().equals("GET");
            asked.addAndGet(read ? 1 : 0);
            String path = exchange.getRequestURI().getPath();
            String body = path + " " + (read ? stock.get() : stock.decrementAndGet());
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    backend.start();
    routes =
        Files.writeString(
            folder.resolve("routes.yaml"),
            """
            environment: test
            listen: { host: 127.0.0.1, port: 0, threads: 1 }
            admin: { port: 0 }
            store:
              url: "postgresql://%s:%s@127.0.0.1:%d/%s?sslmode=disable"
              key: "%s"
            backends:
              - { id: app, url: "http://127.0.0.1:%d" }
            routes:
              - id: stock
                match: { path: "/stock/*" }
                backend: app
                reads: { cache: fallback, principal: public, max-stale: 1h }
            """
                .formatted(
                    store.user(),
                    store.password(),
                    store.port(),
                    store.database(),
                    KEY,
                    backend.getAddress().getPort()));
  }

  @AfterEach
  void stop() throws IOException {
    for (GatewayProcess gateway : gateways) {
      gateway.close();
    }
    backend.stop(0);
    store.close();
  }

  private GatewayProcess gateway() throws IOException {
    GatewayProcess started = GatewayProcess.start(routes);
    gateways.add(started);
    return started;
  }

  /** All of them are asked as one host, as behind a balancer. */
  private static String send(GatewayProcess to, String method, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port())) {
      socket.setSoTimeout(10_000);
      String head = method + " " + path + " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n";
      String length = method.equals("GET") ? "" : "Content-Length: 0\r\n";
      socket.getOutputStream().write((head + length + "\r\n").getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void inAnOutageEachServesWhatAnyWasAnsweredAndNothingThatAWriteHasOutdated() throws Exception {
    GatewayProcess one = gateway();
    GatewayProcess two = gateway();
    assertThat(send(one, "GET", "/stock/a")).endsWith("/stock/a 5");
    assertThat(send(one, "GET", "/stock/b")).endsWith("/stock/b 5");
    await("the first's copies are in the store").atMost(SOON).until(() -> copies() == 2);
    assertThat(send(two, "PUT", "/stock/a")).endsWith("/stock/a 4");
    await("the write has made one void").atMost(SOON).until(() -> copies() == 1);
    Thread.sleep(2_000); // twice what any of them takes to hear of it
    int before = asked.get();
    backend.stop(0);
    GatewayProcess three = gateway();
    for (GatewayProcess each : gateways) {
      await("a copy from " + each.port())
          .atMost(SOON)
          .until(() -> send(each, "GET", "/stock/b").startsWith("HTTP/1.1 200"));
      assertThat(send(each, "GET", "/stock/b"))
          .endsWith("/stock/b 5")
          .containsIgnoringCase("\r\nSluice-Mode: ")
          .containsIgnoringCase("\r\nAge: ");
      assertThat(send(each, "GET", "/stock/a")).as("outdated").containsPattern("^HTTP/1.1 50[23]");
    }
    assertThat(asked.get()).as("reads that reached the backend").isEqualTo(before).isEqualTo(2);
    assertThat(three.port()).isNotEqualTo(one.port());
  }

  private long copies() {
    return Long.parseLong(store.query("select count(*) from sluice_copies").get(0));
  }
}
