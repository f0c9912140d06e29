package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.demo.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gateways in processes of their own on one store: writers ask whichever they find, gateways are
 * killed at random while writes are accepted and while they are released. What was acknowledged is
 * carried out, in the order of each resource.
 */
@Timeout(300)
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = Contended.PROCESSOR, mode = ResourceAccessMode.READ)
class SharedQueueTest {
  private static final int KEYS = 6;
  private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  private final Map<String, List<String>> received = new ConcurrentHashMap<>();
  private final Map<String, List<String>> acknowledged = new TreeMap<>();
  private final List<GatewayProcess> gateways = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Random random = new Random();
  private EmbeddedPostgres store;
  private HttpServer backend;
  private Path routes;
  private int database;
  private volatile boolean writing = true;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    store = EmbeddedPostgres.start();
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    backend.setExecutor(Executors.newCachedThreadPool());
    backend.createContext("/", this::take);
    backend.start();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      database = free.getLocalPort();
    }
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
            breaker:
              failures: 2
              retry-after: 1s
              trial-climbs: 1
              trial-calls: 1
              recovery: 500ms
              learning: { mode: off }
            dependencies:
              - { id: db, type: tcp, url: "tcp://127.0.0.1:%d", interval: 500ms }
            backends:
              - id: app
                url: "http://127.0.0.1:%d"
                depends-on: [db]
                response-deadline: 2s
            routes:
              - id: write
                match: { path: "/w/*", methods: [PUT] }
                backend: app
                writes: { accept: always, replay-as: gateway, principal: public }
            """
                .formatted(
                    store.user(),
                    store.password(),
                    store.port(),
                    store.database(),
                    KEY,
                    database,
                    backend.getAddress().getPort()));
  }

  @AfterEach
  void stop() throws IOException {
    writing = false;
    for (GatewayProcess gateway : gateways) {
      gateway.close();
    }
    backend.stop(0);
    store.close();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      received
          .computeIfAbsent(
              exchange.getRequestURI().getPath(),
              path -> Collections.synchronizedList(new ArrayList<>()))
          .add(body);
      exchange.sendResponseHeaders(204, -1);
    }
  }

  @ParameterizedTest(name = "{0} gateways")
  @ValueSource(ints = {2, 3})
  void nothingAcknowledgedIsLostAndEachResourceKeepsItsOrder(int size) throws Exception {
    for (int i = 0; i < size; i++) {
      gateways.add(GatewayProcess.start(routes));
    }
    await("a gateway holds writes")
        .atMost(Duration.ofSeconds(40))
        .until(() -> put("/w/probe", "p") == 202);
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      String path = "/w/" + i;
      acknowledged.put(path, Collections.synchronizedList(new ArrayList<>()));
      writers.add(new Thread(() -> write(path), "writer " + path));
    }
    writers.forEach(Thread::start);
    pause(500, 1500);
    replaceOne();
    pause(500, 1500);
    writing = false;
    for (Thread writer : writers) {
      writer.join(20_000);
    }
    try (ServerSocket back = new ServerSocket(database, 50, InetAddress.getLoopbackAddress())) {
      new Thread(() -> greet(back), "database").start();
      await("something is released")
          .atMost(Duration.ofSeconds(30))
          .until(() -> received.size() > 1);
      pause(0, 100);
      replaceOne();
      await("every write came to its end")
          .atMost(Duration.ofMinutes(2))
          .until(
              () ->
                  store
                      .query("select id from sluice_writes where finished_at = 0 limit 1")
                      .isEmpty());
    }
    check();
  }

  /** Takes connections and hangs up: all that a TCP probe asks for. */
  private static void greet(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        server.accept().close();
      } catch (IOException e) {
        return; // it was closed
      }
    }
  }

  /** One write after the other, each once the one before was acknowledged. */
  private void write(String path) {
    for (int number = 0; writing; number++) {
      String body = "%06d".formatted(number);
      int status = put(path, body);
      if (status == 202) {
        acknowledged.get(path).add(body);
      }
    }
  }

  private int put(String path, String body) {
    GatewayProcess gateway = gateways.get(random.nextInt(gateways.size()));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .timeout(Duration.ofSeconds(10))
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private void replaceOne() throws IOException {
    int place = random.nextInt(gateways.size());
    gateways.get(place).kill();
    gateways.set(place, GatewayProcess.start(routes));
  }

  private void pause(int least, int most) throws InterruptedException {
    Thread.sleep(least + random.nextInt(most - least + 1));
  }

  private void check() {
    assertThat(store.query("select distinct state from sluice_writes"))
        .containsExactly("SUCCEEDED");
    int all = 0;
    for (Map.Entry<String, List<String>> each : acknowledged.entrySet()) {
      List<String> there = received.getOrDefault(each.getKey(), List.of());
      assertThat(there).as(each.getKey()).containsAll(each.getValue());
      // A PUT whose outcome a kill left open is sent again: equal neighbours, and no others.
      assertThat(there).as(each.getKey()).isSorted();
      assertThat(there.size() - new HashSet<>(there).size()).isLessThanOrEqualTo(2);
      all += each.getValue().size();
    }
    assertThat(all).as("acknowledged").isGreaterThan(50);
  }
}
