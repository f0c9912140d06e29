package dev.sluice.demo.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.FaultProxy;
import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.postgres.EmbeddedPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OrdersBackendTest {
  private static final String TEA = "{\"item\":\"tea\",\"quantity\":2}";
  private static EmbeddedPostgres server;
  private final HttpClient client = HttpClient.newHttpClient();
  private FaultProxy proxy;
  private OrdersBackend backend;

  @BeforeAll
  static void startServer() {
    server = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() {
    server.execute("drop table if exists orders, order_keys");
    proxy = FaultProxy.start("127.0.0.1", server.port());
    backend = OrdersBackend.start(0, server.url(proxy.port()));
    awaitTables();
  }

  @AfterEach
  void stop() {
    backend.close();
    proxy.close();
  }

  @Test
  void anOrderIsMadeReadChangedAndDeleted() {
    HttpResponse<String> made = send("POST", "/api/orders", TEA, null);
    assertThat(made.statusCode()).isEqualTo(201);
    String path = made.headers().firstValue("Location").orElseThrow();
    assertThat(made.body()).contains("\"item\":\"tea\"", "\"quantity\":2");
    assertThat(send("GET", path, "", null).body()).isEqualTo(made.body());
    assertThat(send("GET", "/api/orders", "", null).body()).isEqualTo("[" + made.body() + "]");
    String more = "{\"item\":\"tea\",\"quantity\":5}";
    assertThat(send("PUT", path, more, null).body()).contains("\"quantity\":5");
    assertThat(send("DELETE", path, "", null).statusCode()).isEqualTo(204);
    assertThat(send("GET", path, "", null).statusCode()).isEqualTo(404);
    assertThat(send("DELETE", path, "", null).statusCode()).isEqualTo(404);
    HttpResponse<String> again = send("PUT", path, more, null);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.headers().firstValue("Location")).hasValue(path);
    assertThat(send("GET", path, "", null).body()).contains("\"quantity\":5");
    assertThat(send("DELETE", path, "", null).statusCode()).isEqualTo(204);
  }

  @Test
  void everyAnswerOfItsOwnCarriesTheMarker() {
    for (String path : List.of("/api/orders", "/api/orders/x", "/health", "/metrics")) {
      assertThat(send("GET", path, "", null).headers().firstValue("X-Application"))
          .as(path)
          .hasValue("orders");
    }
  }

  @Test
  void whatIsNoOrderIsRefused() {
    for (String body :
        List.of(
            "", "{", "[]", "{\"item\":\"\",\"quantity\":1}", "{\"item\":\"a\",\"quantity\":0}")) {
      assertThat(send("POST", "/api/orders", body, null).statusCode()).as(body).isEqualTo(400);
    }
    assertThat(send("POST", "/api/orders", "x".repeat(70_000), null).statusCode()).isEqualTo(413);
    assertThat(server.query("select count(*) from orders")).containsExactly("0");
  }

  @Test
  void theSameKeyAppliesOnceAndAnswersAlike() {
    HttpResponse<String> first = send("POST", "/api/orders", TEA, "k1");
    HttpResponse<String> second = send("POST", "/api/orders", TEA, "k1");
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(server.query("select count(*) from orders")).containsExactly("1");
  }

  @Test
  void theSameKeyForAnotherRequestIsRefused() {
    send("POST", "/api/orders", TEA, "k1");
    String other = "{\"item\":\"milk\",\"quantity\":1}";
    assertThat(send("POST", "/api/orders", other, "k1").statusCode()).isEqualTo(422);
  }

  @Test
  void concurrentCallsWithTheSameKeyApplyOnce() {
    List<CompletableFuture<HttpResponse<String>>> calls =
        IntStream.range(0, 30)
            .mapToObj(i -> request("POST", "/api/orders", TEA, "same"))
            .map(request -> client.sendAsync(request, BodyHandlers.ofString()))
            .toList();
    List<HttpResponse<String>> answers = calls.stream().map(CompletableFuture::join).toList();
    assertThat(answers).allMatch(answer -> answer.statusCode() == 201);
    assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
    assertThat(server.query("select count(*) from orders")).containsExactly("1");
  }

  @Test
  void aDeleteWithAKeyAnswersAlikeTheSecondTime() {
    String path =
        send("POST", "/api/orders", TEA, null).headers().firstValue("Location").orElseThrow();
    assertThat(send("DELETE", path, "", "gone").statusCode()).isEqualTo(204);
    assertThat(send("DELETE", path, "", "gone").statusCode()).isEqualTo(204);
  }

  @Test
  void healthTellsWhatIsWrongWithTheDatabase() {
    assertThat(send("GET", "/health", "", null).body()).startsWith("{").contains("\"UP\"");
    proxy.mode(Mode.REFUSE);
    HttpResponse<String> down = send("GET", "/health", "", null);
    assertThat(down.statusCode()).isEqualTo(503);
    assertThat(down.body()).contains("\"DOWN\"", "Exception");
    proxy.mode(Mode.PASS);
    awaitHealthy();
  }

  @Test
  void aSilentDatabaseIsAnsweredInTimeAndLeftBehind() {
    awaitHealthy();
    for (Mode mode : List.of(Mode.SILENT, Mode.BLACK_HOLE)) {
      proxy.mode(mode);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> send("GET", "/api/orders", "", null).statusCode() == 503);
      int before = backend.poolRebuilds();
      await()
          .atMost(Duration.ofSeconds(40))
          .until(
              () -> {
                send("GET", "/health", "", null);
                return mode == Mode.BLACK_HOLE || backend.poolRebuilds() > before;
              });
      proxy.mode(Mode.PASS);
      awaitHealthy();
    }
  }

  @Test
  void aDroppedTableIsAnErrorAndStaysDropped() {
    server.execute("drop table orders");
    HttpResponse<String> answer = send("GET", "/api/orders", "", null);
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("42P01");
    assertThat(send("GET", "/health", "", null).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/api/orders", "", null).statusCode()).isEqualTo(500);
  }

  @Test
  void itListensWhileTheDatabaseIsAwayAndMakesItsTablesAfterwards() {
    backend.close();
    server.execute("drop table orders, order_keys");
    proxy.mode(Mode.REFUSE);
    backend = OrdersBackend.start(0, server.url(proxy.port()));
    assertThat(send("GET", "/api/orders", "", null).statusCode()).isEqualTo(503);
    proxy.mode(Mode.PASS);
    awaitTables();
  }

  @Test
  void metricsShowThePool() {
    assertThat(send("GET", "/metrics", "", null).body())
        .contains("r2dbc_pool_max_allocated_connections{name=\"orders\"} 10")
        .contains("r2dbc_pool_pending_connections");
  }

  private void awaitTables() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> send("GET", "/api/orders", "", null).statusCode() == 200);
  }

  private void awaitHealthy() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> send("GET", "/health", "", null).statusCode() == 200);
  }

  private HttpResponse<String> send(String method, String path, String body, String key) {
    return client.sendAsync(request(method, path, body, key), BodyHandlers.ofString()).join();
  }

  private HttpRequest request(String method, String path, String body, String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + backend.port() + path))
            .timeout(Duration.ofSeconds(10))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return request.build();
  }
}
