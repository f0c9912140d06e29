package dev.sluice.probes.ladder;

import static dev.sluice.probes.ladder.Fixtures.failed;
import static dev.sluice.probes.ladder.Fixtures.rungs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Control;
import dev.sluice.config.Target;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ControlLadderTest {
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
  void anOpenPortHoldsTheTcpLadder() throws IOException {
    try (ScriptedServer server = new ScriptedServer(socket -> {})) {
      Climb climb = climb(new Target.Tcp("127.0.0.1", server.port()));
      assertThat(climb.ok()).isTrue();
      assertThat(climb.targetId()).isEqualTo("google-apis");
      assertThat(climb.at()).isEqualTo(NOW);
      assertThat(climb.vantage()).isEqualTo(Vantage.GATEWAY);
      assertThat(rungs(climb)).containsExactly(Rung.SELF, Rung.DNS, Rung.TCP);
    }
  }

  @Test
  void anyHttpAnswerBelowFiveHundredIsGood() throws IOException {
    Climb climb = http("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    assertThat(climb.failed()).isNull();
    assertThat(climb.samples().get(3).message()).isEqualTo("HTTP 404");
  }

  @Test
  void aServersErrorFailsTheHttpRung() throws IOException {
    Climb climb = http("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    assertThat(failed(climb, Rung.HTTP).message()).isEqualTo("HTTP 503");
  }

  @Test
  void anotherProtocolFailsTheHttpRung() throws IOException {
    assertThat(failed(http("SSH-2.0-OpenSSH_9.9\r\n"), Rung.HTTP).message()).contains("not HTTP");
  }

  @Test
  void anEndlessAnswerIsBounded() throws IOException {
    assertThat(failed(http("x".repeat(200_000)), Rung.HTTP).message()).contains("never ends");
  }

  @Test
  void aTrustedCertificateHoldsTheTlsRung() throws Exception {
    SelfSigned certificate = SelfSigned.create();
    try (ScriptedServer server = new ScriptedServer(certificate.answering(ok()));
        ProbeResources trusting =
            ProbeResources.with(
                null,
                SslContextBuilder.forClient().trustManager(certificate.certificate()).build())) {
      Climb climb = climb(https(server.port()), trusting);
      assertThat(climb.failed()).isNull();
      assertThat(climb.certificateEnds())
          .isEqualTo(certificate.certificate().getNotAfter().toInstant());
      assertThat(rungs(climb)).containsExactly(Rung.SELF, Rung.DNS, Rung.TCP, Rung.TLS, Rung.HTTP);
    }
  }

  @Test
  void anUntrustedCertificateFailsTheTlsRung() throws Exception {
    try (ScriptedServer server = new ScriptedServer(SelfSigned.create().answering(ok()))) {
      Climb climb = climb(https(server.port()));
      assertThat(failed(climb, Rung.TLS).signal()).isEqualTo(Signal.CERTIFICATE);
      assertThat(failed(climb, Rung.TLS).exception()).isEqualTo("SSLHandshakeException");
    }
  }

  @Test
  void aServerWithoutTlsFailsTheTlsRung() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(socket -> socket.getOutputStream().write(ok()))) {
      assertThat(failed(climb(https(server.port())), Rung.TLS).signal())
          .isEqualTo(Signal.HANDSHAKE);
    }
  }

  private static byte[] ok() {
    return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  }

  private static Climb http(String answer) throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            socket -> {
              socket.getInputStream().readNBytes(16);
              socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            })) {
      return climb(new Target.Http(URI.create("http://127.0.0.1:" + server.port() + "/up?x=1")));
    }
  }

  private static Target https(int port) {
    return new Target.Http(URI.create("https://localhost:" + port));
  }

  private static Climb climb(Target target) {
    return climb(target, resources);
  }

  private static Climb climb(Target target, ProbeResources with) {
    Control control =
        new Control("google-apis", target, "internet", Duration.ofSeconds(5), Fixtures.PLACE);
    return Ladders.control(
            control, Vantage.GATEWAY, with, InstantSource.fixed(NOW), System::nanoTime)
        .climb(true)
        .block(Duration.ofSeconds(20));
  }
}
