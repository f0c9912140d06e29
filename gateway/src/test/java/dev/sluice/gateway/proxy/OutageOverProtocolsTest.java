package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.app.Gateway;
import dev.sluice.gateway.health.Postures;
import dev.sluice.probes.mode.ServiceMode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An outage of the database, from the first copy to the last released write, is the same whatever
 * client and backend speak.
 */
@Timeout(120)
final class OutageOverProtocolsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String YAML =
      """
      environment: test
      listen: { port: 0, host: 127.0.0.1, threads: 1, drain: 500ms, drain-notice: 1ms%s }
      admin: { port: 0 }
      store: { url: "sqlite:%s", key: "%s", accept-volatile: true }
      breaker: { failures: 2, retry-after: 1s, trial-climbs: 1, trial-calls: 1, recovery: 100ms }
      dependencies:
        - { id: orders-db, type: tcp, url: "tcp://127.0.0.1:%d", interval: 200ms }
      backends:
        - { id: orders, depends-on: [orders-db], http2: %b, url: %s }
      routes:
        - id: read
          match: { path: "/api/orders/**", methods: [GET, HEAD] }
          backend: orders
          reads: { cache: fallback, principal: public }
        - id: write
          match: { path: "/api/orders/*", methods: [PUT] }
          backend: orders
          writes: { accept: always, replay-as: gateway, principal: public }
      """;

  @TempDir static Path certificates;
  private static TestAuthority authority;
  private static SSLContext trusting;

  private final List<String> written = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void prepare() throws Exception {
    authority = new TestAuthority(certificates);
    authority.write("one", "dns:localhost,ip:127.0.0.1");
    trusting = authority.client();
  }

  /** An answer, by whichever protocol. */
  private record Told(String status, String body, String age, String mode) {}

  private interface Client {
    Told ask(String method, String path, String body) throws Exception;
  }

  private static Client client(String protocol, int port) {
    return protocol.equals("h2c") ? frames(port) : java(protocol, port);
  }

  private static Client frames(int port) {
    return (method, path, body) -> {
      try (FrameClient frames = new FrameClient(port)) {
        frames.head(1, body.isEmpty(), FrameClient.request(method, path));
        if (!body.isEmpty()) {
          frames.data(1, true, body);
        }
        FrameClient.Answer told = frames.answer(1);
        return new Told(told.status(), told.body(), told.header("age"), told.header("sluice-mode"));
      }
    };
  }

  private static Client java(String protocol, int port) {
    boolean second = protocol.equals("h2");
    HttpClient client =
        HttpClient.newBuilder()
            .sslContext(trusting)
            .version(second ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
            .build();
    String base = second ? "https://localhost:" + port : "http://127.0.0.1:" + port;
    return (method, path, body) -> {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base + path))
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> told = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (second) {
        assertThat(told.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
      return new Told(
          Integer.toString(told.statusCode()),
          told.body(),
          told.headers().firstValue("age").orElse(null),
          told.headers().firstValue("sluice-mode").orElse(null));
    };
  }

  private WireBackend.Script orders() {
    return (request, in, out) -> {
      byte[] body = WireBackend.body(request, in);
      if (request.line().startsWith("PUT")) {
        written.add(new String(body, StandardCharsets.UTF_8));
      }
      out.write(WireBackend.answer("200 OK", "fresh").getBytes(StandardCharsets.UTF_8));
      return true;
    };
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "h1,h1", "h2,h1", "h2c,h1", "h1,h2", "h2,h2", "h2c,h2", "h1,h2c", "h2,h2c", "h2c,h2c"
  })
  void theOutageIsTheSame(String front, String back, @TempDir Path folder) throws Exception {
    ServerSocket database = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    int port = database.getLocalPort();
    try (Rig app = new Rig(orders(), tls(back), "", null);
        Gateway gateway =
            Gateway.start(
                Postures.configuration(
                    YAML.formatted(
                        tls(front),
                        folder.resolve("sluice.db"),
                        QueueRig.KEY,
                        port,
                        !back.equals("h1"),
                        address(back, app))))) {
      Client client = client(front, gateway.port());
      await().atMost(PATIENCE).until(() -> gateway.posture().mode() == ServiceMode.FULL);
      assertThat(client.ask("GET", "/api/orders/1", "").body()).isEqualTo("fresh");
      database.close();
      await().atMost(PATIENCE).until(() -> gateway.posture().mode() == ServiceMode.DB_DEGRADED);
      during(client);
      try (ServerSocket back_again =
          new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"))) {
        assertThat(back_again.isBound()).isTrue();
        await().atMost(PATIENCE).until(() -> written.size() == 3);
        assertThat(written).containsExactly("one", "two", "three");
        await().atMost(PATIENCE).until(() -> client.ask("GET", "/api/orders/1", "").age() == null);
      }
    }
  }

  /** What speaks HTTP/2 to the gateway is another one, before the same backend. */
  private static String address(String back, Rig app) {
    return switch (back) {
      case "h1" -> "\"http://127.0.0.1:%d\"".formatted(app.backend.port());
      case "h2c" -> "\"http://127.0.0.1:%d\"".formatted(app.front.port());
      default ->
          "\"https://localhost:%d\", tls: { ca: \"%s\" }"
              .formatted(app.front.port(), authority.certificate());
    };
  }

  private static String tls(String protocol) {
    return protocol.equals("h2")
        ? ", tls: { certificates: [ { chain: \"%1$s/one.pem\", key: \"%1$s/one.key\" } ] }"
            .formatted(certificates)
        : "";
  }

  private static void during(Client client) throws Exception {
    Told copy = client.ask("GET", "/api/orders/1", "");
    assertThat(copy.status()).isEqualTo("200");
    assertThat(copy.body()).isEqualTo("fresh");
    assertThat(copy.age()).isNotNull();
    assertThat(copy.mode()).isEqualTo("db-degraded");
    assertThat(client.ask("GET", "/api/orders/none", "").status()).isEqualTo("503");
    for (String body : new String[] {"one", "two", "three"}) {
      Told held = client.ask("PUT", "/api/orders/7", body);
      assertThat(held.status()).isEqualTo("202");
      assertThat(held.body()).contains("\"monitor\":\"/.sluice/writes/");
    }
    assertThat(client.ask("GET", "/health", "").status()).isEqualTo("200");
    assertThat(client.ask("GET", "/health", "").body()).contains("warn");
  }
}
