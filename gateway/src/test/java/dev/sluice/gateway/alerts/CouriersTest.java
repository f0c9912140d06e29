package dev.sluice.gateway.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.Alerts;
import dev.sluice.config.Alerts.Hours;
import dev.sluice.config.Alerts.Receiver;
import dev.sluice.config.Alerts.Warnings;
import dev.sluice.config.Secret;
import dev.sluice.gateway.alerts.Alarm.Severity;
import dev.sluice.gateway.alerts.Message.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Messages to receivers on real sockets. */
@Timeout(60)
final class CouriersTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  private static final Secret KEY = new Secret("a-key-of-sixteen-letters");

  /** What came to a receiver. */
  private record Came(String path, String signature, String text) {
    JsonNode json() {
      return JSON.readTree(text);
    }
  }

  private final List<Came> came = new CopyOnWriteArrayList<>();
  private final List<String> delivered = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Couriers couriers =
      new Couriers(() -> NOW, (id, taken) -> delivered.add(id + " " + taken));
  private volatile IntUnaryOperator status = any -> 200;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          int answer = status.applyAsInt(asked.incrementAndGet());
          if (answer == 200) {
            String signature = exchange.getRequestHeaders().getFirst(Signature.FIELD);
            String text = new String(body, StandardCharsets.UTF_8);
            came.add(new Came(exchange.getRequestURI().getPath(), signature, text));
          }
          byte[] said = "x".repeat(5000).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer, said.length);
          exchange.getResponseBody().write(said);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    couriers.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static Alerts settings(Receiver... receivers) {
    Alerts usual = Alerts.NONE;
    return new Alerts(
        List.of(receivers),
        List.of(),
        usual.after(),
        usual.resolveAfter(),
        usual.minInterval(),
        usual.updateEvery(),
        usual.repeatEvery(),
        Hours.USUAL,
        "https://runbooks.example/{detail}",
        "https://figures.example",
        Warnings.USUAL);
  }

  private static Message message(Kind kind, String... receivers) {
    Alarm alarm =
        new Alarm(
            "orders-db",
            List.of("orders-db", "orders"),
            Severity.CRITICAL,
            "infrastructure",
            "INFRASTRUCTURE",
            "vpc-path",
            .9,
            "orders-db <cannot> be reached & is silent.",
            List.of("no answer to a SYN in 1.2 s"),
            "Look at the connector.",
            List.of("gcloud compute networks list"),
            List.of("orders-read"),
            List.of("nobody can order"),
            NOW.minusSeconds(60),
            false);
    Incident incident =
        new Incident("orders-db-1", alarm, NOW.minusSeconds(60), NOW, Served.NOTHING);
    if (kind == Kind.RESOLVED) {
      incident.ended = NOW;
      incident.before = new Served(0, 1, 97, 2, 2, 0);
    }
    return new Message(
        kind, "infrastructure", List.of(receivers), List.of(incident.view(Served.NOTHING)));
  }

  private void send(Alerts settings, Kind... kinds) {
    String[] ids = settings.receivers().stream().map(Receiver::id).toArray(String[]::new);
    for (Kind kind : kinds) {
      couriers.send(message(kind, ids), settings, "staging");
    }
  }

  @Test
  void aWebhookIsSignedAndHasAllThatIsKnown() {
    send(settings(new Receiver("hook", Receiver.Type.WEBHOOK, url("/hook"), KEY)), Kind.FIRING);
    await().until(() -> delivered.size() == 1);
    Came one = came.get(0);
    byte[] body = one.text().getBytes(StandardCharsets.UTF_8);
    assertThat(one.signature()).isEqualTo(Signature.of(KEY, NOW.getEpochSecond(), body));
    JsonNode alert = one.json().path("alerts").path(0);
    assertThat(one.json().path("kind").asString()).isEqualTo("firing");
    assertThat(alert.path("title").asString())
        .isEqualTo("[FIRING] staging: INFRASTRUCTURE vpc-path, orders-db");
    for (String member :
        List.of("sentence", "evidence", "remedy", "commands", "routes", "impact", "begun")) {
      assertThat(alert.path(member).isEmpty() && alert.path(member).isContainer())
          .as(member)
          .isFalse();
    }
    assertThat(alert.path("runbook").asString()).isEqualTo("https://runbooks.example/vpc-path");
    assertThat(alert.path("dashboard").asString()).isEqualTo("https://figures.example");
    assertThat(alert.path("seconds").asInt()).isEqualTo(60);
  }

  @Test
  void theEndTellsHowLongAndWhatWasServed() {
    send(settings(new Receiver("talk", Receiver.Type.SLACK, url("/slack"), null)), Kind.RESOLVED);
    await().until(() -> delivered.size() == 1);
    JsonNode said = came.get(0).json();
    assertThat(said.path("text").asString())
        .isEqualTo("[RESOLVED] staging: orders-db is well again after 60 s");
    assertThat(said.path("blocks").path(0).path("text").path("text").asString())
        .contains("97 answered from copies", "2 writes held and 2 released", "99.00 %");
  }

  @Test
  void slackReadsNoMarkupInWhatWasSeen() {
    send(settings(new Receiver("talk", Receiver.Type.SLACK, url("/slack"), null)), Kind.FIRING);
    await().until(() -> delivered.size() == 1);
    assertThat(came.get(0).json().path("blocks").path(0).path("text").path("text").asString())
        .contains("&lt;cannot&gt; be reached &amp; is silent")
        .contains("nobody can order", "confidence 90 %", "Do first: Look at the connector.");
  }

  @Test
  void pagerDutyTriggersAndResolvesOneIncident() {
    send(
        settings(new Receiver("page", Receiver.Type.PAGERDUTY, url("/v2/enqueue"), KEY)),
        Kind.FIRING,
        Kind.UPDATE,
        Kind.RESOLVED);
    await().until(() -> delivered.size() == 3);
    assertThat(came)
        .extracting(one -> one.json().path("event_action").asString())
        .containsExactly("trigger", "trigger", "resolve");
    assertThat(came)
        .allSatisfy(
            one -> {
              assertThat(one.json().path("dedup_key").asString()).isEqualTo("orders-db-1");
              assertThat(one.json().path("routing_key").asString()).isEqualTo(KEY.reveal());
              assertThat(one.json().path("payload").path("severity").asString())
                  .isEqualTo("critical");
            });
  }

  @Test
  void aTrialOfPagerDutyEndsWhatItBegins() {
    Receiver page = new Receiver("page", Receiver.Type.PAGERDUTY, url("/v2/enqueue"), KEY);
    assertThat(couriers.test(page, settings(page), "staging").join()).isNull();
    assertThat(came)
        .extracting(one -> one.json().path("event_action").asString())
        .containsExactly("trigger", "resolve");
  }

  @Test
  void alertmanagersLabelsStayTheSame() {
    send(
        settings(new Receiver("manager", Receiver.Type.ALERTMANAGER, url(""), null)),
        Kind.FIRING,
        Kind.RESOLVED);
    await().until(() -> delivered.size() == 2);
    assertThat(came).extracting(Came::path).containsOnly("/api/v2/alerts");
    JsonNode first = came.get(0).json().path(0);
    JsonNode last = came.get(1).json().path(0);
    assertThat(first.path("labels")).isEqualTo(last.path("labels"));
    assertThat(Instant.parse(first.path("endsAt").asString())).isAfter(NOW);
    assertThat(Instant.parse(last.path("endsAt").asString())).isEqualTo(NOW);
  }

  @Test
  void whatIsNotTakenIsTriedAgainInOrder() {
    status = number -> number <= 2 ? 503 : 200;
    send(
        settings(new Receiver("hook", Receiver.Type.WEBHOOK, url("/hook"), KEY)),
        Kind.FIRING,
        Kind.UPDATE,
        Kind.RESOLVED);
    await().atMost(Duration.ofSeconds(20)).until(() -> delivered.size() == 3);
    assertThat(came)
        .extracting(one -> one.json().path("kind").asString())
        .containsExactly("firing", "update", "resolved");
    assertThat(delivered).containsOnly("hook true");
  }

  @Test
  void aDeadReceiverDelaysNoOther() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI dead = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      List<Receiver> receivers = new ArrayList<>();
      receivers.add(new Receiver("dead", Receiver.Type.WEBHOOK, dead, KEY));
      receivers.add(new Receiver("hook", Receiver.Type.WEBHOOK, url("/hook"), KEY));
      long began = System.nanoTime();
      send(settings(receivers.toArray(Receiver[]::new)), Kind.FIRING, Kind.UPDATE);
      await().atMost(Duration.ofSeconds(3)).until(() -> came.size() == 2);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
      assertThat(delivered).containsOnly("hook true");
    }
  }

  @Test
  void aTrialSaysWhyNot() {
    status = any -> 403;
    Receiver receiver = new Receiver("hook", Receiver.Type.WEBHOOK, url("/hook"), KEY);
    assertThat(couriers.test(receiver, settings(receiver), "staging").join())
        .startsWith("status 403: xxx")
        .hasSizeLessThan(300);
    status = any -> 200;
    assertThat(couriers.test(receiver, settings(receiver), "staging").join()).isNull();
    assertThat(came.get(0).text()).contains("This is a test of receiver hook: nothing is wrong.");
    server.stop(0);
    assertThat(couriers.test(receiver, settings(receiver), "staging").join())
        .startsWith("no answer: ");
  }
}
