package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.demo.postgres.EmbeddedPostgres;
import dev.sluice.demo.tour.Caller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gateways in processes of their own on one store: teams are told of an outage and of its end once,
 * whichever of them is killed or frozen meanwhile.
 */
@Timeout(240)
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = Contended.PROCESSOR, mode = ResourceAccessMode.READ)
class FleetTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration SOON = Duration.ofSeconds(60);

  private final List<GatewayProcess> gateways = new CopyOnWriteArrayList<>();
  private EmbeddedPostgres store;
  private Receiver hook;
  private ServerSocket database;
  private HttpServer backend;
  private Path routes;
  private volatile GatewayProcess frozen;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    store = EmbeddedPostgres.start();
    hook = new Receiver();
    database = listening(0);
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
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
              key: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
            alerts:
              receivers: [ { id: hook, type: webhook, url: "%s", key: a-key-of-sixteen-letters } ]
              teams:
                - { id: infrastructure, receivers: [hook] }
                - { id: development, receivers: [hook] }
              resolve-after: 3s
            breaker: { trial-climbs: 1, recovery: 500ms, learning: { mode: off } }
            dependencies:
              - { id: db, type: tcp, url: "tcp://127.0.0.1:%d", interval: 500ms }
              - id: sql
                type: postgresql
                url: "postgresql://%s:%s@127.0.0.1:%d/%s?sslmode=disable"
                interval: 500ms
                required: false
            backends:
              - { id: app, url: "http://127.0.0.1:%d", depends-on: [db] }
            routes:
              - { id: read, match: { path: "/r/*" }, backend: app }
            """
                .formatted(
                    store.user(),
                    store.password(),
                    store.port(),
                    store.database(),
                    hook.url(),
                    database.getLocalPort(),
                    store.user(),
                    store.password(),
                    store.port(),
                    store.database(),
                    backend.getAddress().getPort()));
  }

  @AfterEach
  void stop() throws IOException {
    for (GatewayProcess gateway : gateways) {
      gateway.thaw();
      gateway.close();
    }
    database.close();
    backend.stop(0);
    hook.close();
    store.close();
  }

  /** Takes connections and hangs up: all that a TCP probe asks for. */
  private static ServerSocket listening(int port) throws IOException {
    ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try {
                  server.accept().close();
                } catch (IOException e) {
                  return; // it was closed
                }
              }
            },
            "database");
    thread.start();
    return server;
  }

  private void breakIt() throws IOException {
    database.close();
  }

  private void mendIt() throws IOException {
    database = listening(database.getLocalPort());
  }

  private static JsonNode fleet(GatewayProcess gateway) {
    return JSON.readTree(new Caller(gateway::adminPort).get("/fleet").body());
  }

  private static boolean speaks(GatewayProcess gateway) {
    return fleet(gateway).path("speaks").asBoolean(false);
  }

  private GatewayProcess leader() {
    await("one speaks")
        .atMost(SOON)
        .until(() -> gateways.stream().filter(FleetTest::speaks).count() == 1);
    return gateways.stream().filter(FleetTest::speaks).findFirst().orElseThrow();
  }

  /** What each sees, for whoever reads a failure. */
  private String seen() {
    StringBuilder all = new StringBuilder();
    for (GatewayProcess each : gateways.stream().filter(each -> each != frozen).toList()) {
      Caller caller = new Caller(each::adminPort);
      all.append(caller.get("/fleet").body()).append(caller.get("/outages").body());
    }
    return all.toString();
  }

  private void told(String kind, int times) {
    await(kind + " " + times)
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(hook.count(kind)).as(this::seen).isGreaterThanOrEqualTo(times));
    assertThat(hook.count(kind)).isEqualTo(times);
  }

  private long logins() {
    String asked = "select sessions from pg_stat_database where datname = current_database()";
    return Long.parseLong(store.query(asked).get(0));
  }

  /** Twice a second each: of three gateways one logs in, the others look whether it is reached. */
  @Test
  void oneLogsInToADatabaseForAll() throws Exception {
    together(3);
    leader();
    Thread.sleep(3_000); // climbs that were begun before they knew of each other
    long before = logins();
    Thread.sleep(10_000);
    long made = logins() - before;
    System.out.println("logins of three gateways in ten seconds: " + made);
    assertThat(made).as("one alone makes 20").isBetween(8L, 30L);
    for (GatewayProcess each : gateways) {
      String verdicts = new Caller(each::adminPort).get("/verdict").body();
      assertThat(JSON.readTree(verdicts).path("verdicts").path("sql").path("detail").asString())
          .isEqualTo("healthy");
    }
  }

  private void together(int size) throws IOException {
    for (int i = 0; i < size; i++) {
      gateways.add(GatewayProcess.start(routes));
    }
    for (GatewayProcess each : gateways) {
      await("all know each other")
          .atMost(SOON)
          .until(() -> fleet(each).path("gateways").size() == size);
    }
  }

  @Test
  void anOutageIsToldOnceWhoeverIsKilledOrFrozen() throws Exception {
    together(3);
    GatewayProcess first = leader();
    breakIt();
    told("firing", 1);
    String sentence = hook.came.get(0).json().path("alerts").path(0).path("sentence").asString();
    assertThat(sentence).containsPattern("Seen by ([1-3] of|all) 3 gateways");
    first.kill();
    gateways.remove(first);
    GatewayProcess second = leader();
    Thread.sleep(4_000); // it looks once a second
    assertThat(hook.count("firing")).as("by the next leader").isEqualTo(1);
    for (GatewayProcess each : gateways) {
      await("both know of it")
          .atMost(SOON)
          .until(() -> new Caller(each::adminPort).get("/outages").body().contains("\"db-"));
    }
    mendIt();
    told("resolved", 1);

    second.freeze();
    frozen = second;
    Instant since = Instant.now();
    breakIt();
    told("firing", 2);
    System.out.println(
        "a leader frozen, the next told teams after "
            + Duration.between(since, Instant.now()).toMillis()
            + " ms");
    second.thaw();
    frozen = null;
    Thread.sleep(4_000);
    assertThat(hook.count("firing")).as("by the one that was frozen").isEqualTo(2);
    leader();
    mendIt();
    told("resolved", 2);
    Thread.sleep(3_000);
    assertThat(hook.came).as("all that was told").hasSize(4);
  }
}
