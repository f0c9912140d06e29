package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.DemoWorld;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Detail;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A stand whose fixes are validated, over a way to the database that can be made late. */
final class ValidatedStand implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(40);

  /** So many times each half-fixed system is told from a fixed one. */
  private static final int TIMES = Integer.getInteger("half-fixed.times", 2);

  private static final String MORE =
      """
      breaker: { trial-climbs: 1, recovery: 500ms, learning: { mode: off } }
      alerts: { after: 1s, resolve-after: 2s }
      validation:
        by-itself: false
        schedules: []
        record: { path: /api/orders/900000001, body: '{"item":"{marker}","quantity":1}' }
      """;

  final Stand stand;
  final FlakyPort port;
  final Caller caller;
  final Caller admin;

  private ValidatedStand(Stand stand, FlakyPort port) {
    this.stand = stand;
    this.port = port;
    this.caller = new Caller(() -> stand.gateway().port());
    this.admin = new Caller(() -> stand.gateway().adminPort());
  }

  static ValidatedStand start() {
    AtomicReference<FlakyPort> port = new AtomicReference<>();
    Stand stand = Stand.start(0, 0, (world, text) -> text(world, text, port));
    return new ValidatedStand(stand, port.get());
  }

  private static String text(DemoWorld world, String text, AtomicReference<FlakyPort> flaky) {
    FlakyPort port;
    try {
      port = new FlakyPort(world.databaseProxy().port(), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    flaky.set(port);
    return text.replace(":" + world.databaseProxy().port() + "/", ":" + port.port() + "/") + MORE;
  }

  @Override
  public void close() throws IOException {
    stand.close();
    port.close();
  }

  DependencyStatus database() {
    return Objects.requireNonNull(stand.gateway().posture().dependencies().get("orders-db"));
  }

  void well() {
    await("all is well")
        .atMost(PATIENCE)
        .until(
            () ->
                stand.gateway().posture().mode() == ServiceMode.FULL
                    && database().verdict().detail() == Detail.HEALTHY
                    && database().breaker() == BreakerState.CLOSED
                    && caller.get("/health/orders").body().contains("\"pass\"")
                    && admin.get("/outages").body().startsWith("{\"open\":[]"));
  }

  record Ran(int exit, String out) {}

  /** As an operator does who has the token. */
  Ran validate(Path routes, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(
        command,
        "validate",
        "--config",
        routes.toString(),
        "--admin",
        "http://127.0.0.1:" + stand.gateway().adminPort(),
        "--url",
        "http://127.0.0.1:" + stand.gateway().port());
    command.addAll(List.of(more));
    CommandProcess.Ended ended =
        CommandProcess.run(Map.of("SLUICE_ADMIN_TOKEN", stand.world().adminToken()), command);
    return new Ran(ended.exit(), ended.output());
  }

  void isNotFixed(Path routes, String pattern) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      Ran ran = validate(routes);
      assertThat(ran.exit()).as(ran.out()).isEqualTo(1);
      assertThat(ran.out()).containsPattern(pattern);
    }
  }

  /** What the gateway's validations came to, the one that was asked for first. */
  String asked(String suite) throws Exception {
    URI desk =
        URI.create(
            "http://127.0.0.1:" + stand.gateway().adminPort() + "/validations?suite=" + suite);
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(desk)
                    .header("Authorization", "Bearer " + stand.world().adminToken())
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    await("it ends")
        .atMost(PATIENCE)
        .until(() -> admin.get("/validations").body().startsWith("{\"busy\":false"));
    return admin.get("/validations").body();
  }
}
