package dev.sluice.gateway.proxy;

import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.app.Gateway;
import dev.sluice.gateway.health.Postures;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.mode.ServiceMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A whole gateway with a store, its monitor and its admin port, before a scripted backend. The
 * database is a listening port that is closed for an outage.
 */
final class GatewayRig implements AutoCloseable {
  static final String TOKEN = "0123456789abcdef";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String YAML =
      """
      environment: test
      mode: %s
      listen: { port: 0, host: 127.0.0.1, threads: 1, drain: 500ms, drain-notice: 1ms }
      admin: { port: 0, token: "%s" }
      store: { url: "sqlite:%s", key: "%s", accept-volatile: true }
      breaker: { failures: 3 }
      dependencies:
        - { id: orders-db, type: tcp, url: "tcp://127.0.0.1:%d", interval: 200ms }
      backends:
        - id: orders
          url: "http://127.0.0.1:%d"
          depends-on: [orders-db]
          health: { path: /own-health, interval: 200ms }
      routes:
        - { id: orders-health, match: { path: /health/orders }, backend: orders, kind: health }
        - { id: plain, match: { path: "/api/**" }, backend: orders }
        - id: orders-read
          match: { path: "/api/orders/**", methods: [GET, HEAD] }
          backend: orders
          reads: { cache: fallback, principal: public }
        - id: orders-write
          match: { path: "/api/orders/**", methods: [PUT, POST] }
          backend: orders
          writes: { accept: always, replay-as: gateway, principal: public }
      """;

  final WireBackend backend;
  final Gateway gateway;
  private final ServerSocket database;

  GatewayRig(String mode, Path folder, WireBackend.Script script) throws IOException {
    this(mode, folder, script, "");
  }

  GatewayRig(String mode, Path folder, WireBackend.Script script, String moreRoutes)
      throws IOException {
    backend = new WireBackend(script);
    database = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    gateway =
        Gateway.start(
            Postures.configuration(
                YAML.formatted(
                        mode,
                        TOKEN,
                        folder.resolve("sluice.db"),
                        QueueRig.KEY,
                        database.getLocalPort(),
                        backend.port())
                    + moreRoutes));
    await("mode full").atMost(PATIENCE).until(this::well);
  }

  /** Database and backend have both been asked, and are well. */
  private boolean well() {
    BackendHealth own = Objects.requireNonNull(posture().backends().get("orders")).lastHealth();
    return posture().mode() == ServiceMode.FULL && !posture().warmUp() && own != null && own.ok();
  }

  Posture posture() {
    return gateway.posture();
  }

  BreakerState breaker() {
    return Objects.requireNonNull(posture().dependencies().get("orders-db")).breaker();
  }

  /** The database refuses from now on; returns when its breaker is open. */
  void outage() throws IOException {
    database.close();
    await("breaker open").atMost(PATIENCE).until(() -> breaker() == BreakerState.OPEN);
  }

  WireClient client() throws IOException {
    return new WireClient(gateway.port());
  }

  /** A question to the admin port. */
  WireClient.Answer admin(String method, String target, @Nullable String body, String... headers)
      throws IOException {
    try (WireClient client = new WireClient(gateway.adminPort())) {
      return client.ask(method, target, body, headers);
    }
  }

  /** The value of a metric by its whole name with labels, such as {@code x{route="y"}}; or null. */
  @Nullable String metric(String name) throws IOException {
    return admin("GET", "/metrics", null)
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse(null);
  }

  /** How often the backend was asked for this path; its own health path aside, once a request. */
  long asked(String path) {
    return backend.requests.stream()
        .filter(request -> request.line().split(" ")[1].equals(path))
        .count();
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    backend.close();
    database.close();
  }
}
