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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    BackendHealth health = probe(free());
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

  @Test
  void oneHealthyAddressIsEnough() throws IOException {
    try (ScriptedServer well = new ScriptedServer(answering("200 OK"));
        ScriptedServer ill = new ScriptedServer(answering("503 Service Unavailable"));
        ScriptedServer silent = new ScriptedServer(socket -> {})) {
      Backend.HealthProbe health = health(Backend.Format.STATUS, Duration.ofSeconds(2));
      assertThat(ask(backend(health, ill.port(), silent.port(), well.port())).ok()).isTrue();
      assertThat(ask(backend(health, silent.port(), ill.port())).status()).isEqualTo(503);
      assertThat(ask(backend(health, free(), silent.port())).reach()).isEqualTo(Reach.SILENT);
      assertThat(ask(backend(null, free(), silent.port())).ok()).isTrue();
    }
  }

  private static ScriptedServer.Script answering(String status) {
    return socket -> {
      socket.getInputStream().readNBytes(16);
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n"
                  .formatted(status)
                  .getBytes(StandardCharsets.US_ASCII));
    };
  }

  @Test
  void aBackendOverTlsIsAskedAndChecked(@TempDir Path folder) throws Exception {
    SelfSigned own = SelfSigned.create();
    Path ca = Files.writeString(folder.resolve("ca.pem"), own.certificatePem());
    byte[] answer = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (ScriptedServer server = new ScriptedServer(own.answering(answer))) {
      Backend.HealthProbe asked = health(Backend.Format.STATUS, Duration.ofSeconds(8));
      for (Backend.HealthProbe health : Arrays.asList(asked, null)) {
        BackendHealth trusted = ask(secure(server.port(), health, ca, null));
        assertThat(trusted.ok()).as(trusted.text()).isTrue();
        assertThat(trusted.certificateEnds())
            .isEqualTo(own.certificate().getNotAfter().toInstant());
        assertThat(ask(secure(server.port(), health, ca, "localhost")).ok()).isTrue();
        BackendHealth stranger = ask(secure(server.port(), health, null, null));
        assertThat(stranger.reach()).isEqualTo(Reach.SILENT);
        assertThat(stranger.text()).contains("unable to find valid certification path");
        BackendHealth renamed = ask(secure(server.port(), health, ca, "elsewhere.example"));
        assertThat(renamed.reach()).isEqualTo(Reach.SILENT);
        assertThat(renamed.text()).contains("elsewhere.example");
      }
    }
  }

  @Test
  void authoritiesThatAreGoneAreNoAnswer() throws Exception {
    try (ScriptedServer server = new ScriptedServer(socket -> {})) {
      BackendHealth health =
          ask(
              secure(
                  server.port(),
                  health(Backend.Format.STATUS, Duration.ofSeconds(2)),
                  Path.of("/no/such"),
                  null));
      assertThat(health.reach()).isEqualTo(Reach.SILENT);
      assertThat(health.text()).contains("there is no such file");
    }
  }

  private static Backend secure(int port, Backend.HealthProbe health, Path ca, String serverName) {
    Backend plain = backend(port, health);
    return new Backend(
        plain.id(),
        plain.addresses(),
        new Backend.Tls(ca == null ? null : ca.toString(), serverName),
        plain.dependsOn(),
        plain.required(),
        plain.health(),
        plain.metrics(),
        Duration.ofSeconds(8),
        plain.responseDeadline(),
        plain.idleDeadline(),
        plain.pool(),
        plain.concurrency(),
        plain.onBehalfOfKey(),
        plain.http2(),
        plain.auth(),
        plain.markerHeader(),
        plain.place());
  }

  private static int free() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
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
    return ask(backend(port, health(format, deadline)));
  }

  private static Backend.HealthProbe health(Backend.Format format, Duration deadline) {
    return new Backend.HealthProbe("/health?deep=1", format, Duration.ofSeconds(5), deadline);
  }

  private static BackendHealth ask(Backend backend) {
    return BackendProbe.of(backend, resources, InstantSource.fixed(NOW))
        .probe()
        .block(Duration.ofSeconds(10));
  }

  private static Backend backend(int port, Backend.HealthProbe health) {
    return backend(health, port);
  }

  private static Backend backend(Backend.HealthProbe health, int... ports) {
    return new Backend(
        "orders",
        Arrays.stream(ports).mapToObj(port -> new Backend.Address("127.0.0.1", port)).toList(),
        null,
        List.of(),
        Map.of(),
        health,
        null,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        new Backend.Pool(4, Duration.ofSeconds(1), Duration.ofMinutes(1)),
        Backend.Concurrency.DEFAULT,
        null,
        false,
        null,
        "X-Application",
        Fixtures.PLACE);
  }
}
