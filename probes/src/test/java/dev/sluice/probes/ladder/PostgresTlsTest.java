package dev.sluice.probes.ladder;

import static dev.sluice.probes.ladder.Fixtures.PASSWORD;
import static dev.sluice.probes.ladder.Fixtures.climb;
import static dev.sluice.probes.ladder.Fixtures.failed;
import static dev.sluice.probes.ladder.Fixtures.rungs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Secret;
import dev.sluice.config.Target;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Signal;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresTlsTest {
  private static ProbeResources resources;
  private static SelfSigned certificate;
  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    resources = ProbeResources.create();
    certificate = SelfSigned.create();
    server = PostgresServer.start(PASSWORD, certificate.certificatePem(), certificate.keyPem());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    resources.close();
  }

  @ParameterizedTest
  @CsvSource({"REQUIRE,127.0.0.1", "REQUIRE,localhost", "PREFER,localhost"})
  void anEncryptedServerHoldsEveryRung(Target.SslMode mode, String host) {
    Climb climb = climb(target(host, mode), resources);
    assertThat(climb.failed()).isNull();
    assertThat(rungs(climb)).contains(Rung.TLS, Rung.STARTUP, Rung.RECOVERY);
  }

  @Test
  void disableAsksForNoTls() {
    assertThat(rungs(climb(target("127.0.0.1", Target.SslMode.DISABLE), resources)))
        .doesNotContain(Rung.TLS);
  }

  @Test
  void aHandshakeThatNeverEndsFailsTls() throws Exception {
    try (ScriptedServer silent = new ScriptedServer(ScriptedServer.answering(new byte[] {'S'}))) {
      Target target = Fixtures.postgres("127.0.0.1", silent.port(), Target.SslMode.REQUIRE);
      Sample sample = failed(climb(target, resources), Rung.TLS);
      assertThat(sample.signal()).isIn(Signal.SILENT, Signal.HANDSHAKE);
      assertThat(sample.millis()).isLessThan(1_700);
    }
  }

  @Test
  void anEncryptedServersRefusalIsRead() throws Exception {
    try (ScriptedServer full = new ScriptedServer(PostgresTlsTest::full)) {
      Target target = Fixtures.postgres("127.0.0.1", full.port(), Target.SslMode.REQUIRE);
      assertThat(failed(climb(target, resources), Rung.STARTUP).sqlState()).isEqualTo("53300");
    }
  }

  private static void full(Socket socket) throws java.io.IOException {
    ScriptedServer.request(socket);
    socket.getOutputStream().write('S');
    SSLSocket tls = certificate.secure(socket);
    ScriptedServer.request(tls);
    tls.getOutputStream().write(ScriptedServer.error("FATAL", "53300", "too many clients"));
    tls.getOutputStream().flush();
  }

  private static Target target(String host, Target.SslMode mode) {
    return new Target.Postgres(
        host, server.port(), "postgres", "probe", new Secret(PASSWORD), mode);
  }
}
