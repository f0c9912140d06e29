package dev.sluice.probes.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Backend;
import dev.sluice.probes.mode.BackendHealth;
import dev.sluice.probes.verdict.Complaint;
import dev.sluice.probes.verdict.Reach;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BackendProbeTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static ProbeResources resources;

  @BeforeAll
  static void start() {
    resources = ProbeResources.create();
  }

  @AfterAll
  static void stop() {
    resources.close();
  }

  @Test
  void aHealthyAnswerIsTakenAsItCame() throws IOException {
    BackendHealth health =
        probe("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"UP\"}");
    assertThat(health).isEqualTo(BackendHealth.answered(NOW, 200, "200 OK", List.of(), null));
  }

  @Test
  void aFailingAnswerIsReadByItsFormat() throws IOException {
    String body =
        """
        {"status":"DOWN","components":{"db":{"status":"DOWN","details":{"error":"Connection refused"}}}}""";
    String answer =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    BackendHealth health = probe(answer, Backend.Format.ACTUATOR);
    assertThat(health.ok()).isFalse();
    assertThat(health.text()).isEqualTo("503 Service Unavailable; db: Connection refused");
    assertThat(health.complaints())
        .containsExactly(new Complaint("db", "Connection refused", true));
    assertThat(probe(answer, Backend.Format.STATUS).complaints()).isEmpty();
  }

  @Test
  void anEmptyBodyIsAnAnswer() throws IOException {
    assertThat(probe("HTTP/1.1 204 No Content\r\n\r\n").ok()).isTrue();
  }

  @Test
  void anEndlessBodyIsCut() throws IOException {
    BackendHealth health =
        probe("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(100_000));
    assertThat(health.ok()).isTrue();
  }

  @Test
  void theQuestionNamesHostAndPath() throws Exception {
    BlockingQueue<String> heads = new ArrayBlockingQueue<>(1);
    try (ScriptedServer server =
        new ScriptedServer(
            socket -> {
              byte[] buffer = new byte[2_048];
              int length = socket.getInputStream().read(buffer);
              heads.add(new String(buffer, 0, length, StandardCharsets.US_ASCII));
              socket
                  .getOutputStream()
                  .write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            })) {
      assertThat(probe(server.port()).ok()).isTrue();
      assertThat(heads.poll(5, TimeUnit.SECONDS))
          .startsWith("GET /health?deep=1 HTTP/1.1\r\n")
          .containsIgnoringCase("host: 127.0.0.1:" + server.port());
    }
  }

  @Test
  void aRefusedConnectionIsNoAnswer() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    BackendHealth health = probe(port);
    assertThat(health.status()).isZero();
    assertThat(health.ok()).isFalse();
    assertThat(health.reach()).isEqualTo(Reach.REFUSED);
    assertThat(health.text()).contains("Connection refused");
  }

  @Test
  void aClosedConnectionIsNoAnswer() throws IOException {
    try (ScriptedServer server = new ScriptedServer(Socket::close)) {
      BackendHealth health = probe(server.port());
      assertThat(health.status()).isZero();
      assertThat(health.reach()).isEqualTo(Reach.SILENT);
      assertThat(health.text()).isNotBlank();
    }
  }

  @Test
  void silenceEndsAtTheDeadline() throws IOException {
    try (ScriptedServer server = new ScriptedServer(socket -> {})) {
      BackendHealth health = probe(server.port(), Backend.Format.STATUS, Duration.ofMillis(500));
      assertThat(health.status()).isZero();
      assertThat(health.reach()).isEqualTo(Reach.SILENT);
      assertThat(health.text()).isEqualTo("no answer within 500 ms");
    }
  }

  @Test
  void withoutAHealthRouteAConnectionIsEnough() throws IOException {
    try (ScriptedServer server = new ScriptedServer(socket -> {})) {
      BackendHealth health = ask(backend(server.port(), null));
      assertThat(health.ok()).isTrue();
      assertThat(health.status()).isZero();
    }
  }

  private static BackendHealth probe(String answer) throws IOException {
    return probe(answer, Backend.Format.STATUS);
  }

  private static BackendHealth probe(String answer, Backend.Format format) throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            socket -> {
              socket.getInputStream().readNBytes(16);
              socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            })) {
      return probe(server.port(), format);
    }
  }

  private static BackendHealth probe(int port) {
    return probe(port, Backend.Format.STATUS);
  }

  /** An answer is on its way: the deadline is no part of these tests. */
  private static BackendHealth probe(int port, Backend.Format format) {
    return probe(port, format, Duration.ofSeconds(8));
  }

  private static BackendHealth probe(int port, Backend.Format format, Duration deadline) {
    return ask(
        backend(
            port,
            new Backend.HealthProbe("/health?deep=1", format, Duration.ofSeconds(5), deadline)));
  }

  private static BackendHealth ask(Backend backend) {
    return BackendProbe.of(backend, resources, InstantSource.fixed(NOW))
        .probe()
        .block(Duration.ofSeconds(10));
  }

  private static Backend backend(int port, Backend.HealthProbe health) {
    return new Backend(
        "orders",
        List.of(new Backend.Address("127.0.0.1", port)),
        null,
        List.of(),
        health,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        new Backend.Pool(4, Duration.ofSeconds(1), Duration.ofMinutes(1)),
        Backend.Concurrency.DEFAULT,
        "X-Application",
        Fixtures.PLACE);
  }
}
