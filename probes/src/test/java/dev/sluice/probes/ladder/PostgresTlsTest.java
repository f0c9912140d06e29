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
import dev.sluice.servers.PostgresServer;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @ParameterizedTest
  @CsvSource({"VERIFY_FULL,127.0.0.1", "VERIFY_FULL,localhost", "VERIFY_CA,localhost"})
  void aCertificateThatIsBelievedHoldsEveryRung(
      Target.SslMode mode, String host, @TempDir Path folder) throws Exception {
    Climb climb = climb(verified(host, server.port(), mode, certificate, folder), resources);
    assertThat(climb.failed()).isNull();
    assertThat(Objects.requireNonNull(climb.at(Rung.TLS)).message())
        .contains("good until")
        .contains(certificate.certificate().getNotAfter().toInstant().toString().substring(0, 10));
  }

  @Test
  void anAuthorityThatIsNotBelievedFailsTls(@TempDir Path folder) throws Exception {
    SelfSigned other = SelfSigned.create();
    Target target = verified("localhost", server.port(), Target.SslMode.VERIFY_CA, other, folder);
    assertThat(failed(climb(target, resources), Rung.TLS).signal()).isEqualTo(Signal.CERTIFICATE);
  }

  @ParameterizedTest
  @CsvSource({"dns:localhost,-10d,5", "dns:other.example,-1d,90"})
  void aCertificateThatHasExpiredOrIsOfAnotherHostFailsTls(
      String names, String start, String days, @TempDir Path folder) throws Exception {
    SelfSigned bad = SelfSigned.create("san=" + names, start, days);
    try (ScriptedServer shows = new ScriptedServer(socket -> secured(socket, bad))) {
      Target target = verified("localhost", shows.port(), Target.SslMode.VERIFY_FULL, bad, folder);
      assertThat(failed(climb(target, resources), Rung.TLS).signal()).isEqualTo(Signal.CERTIFICATE);
    }
  }

  private static void secured(Socket socket, SelfSigned shown) throws java.io.IOException {
    ScriptedServer.request(socket);
    socket.getOutputStream().write('S');
    ScriptedServer.request(shown.secure(socket));
  }

  private static Target verified(
      String host, int port, Target.SslMode mode, SelfSigned believed, Path folder)
      throws Exception {
    Path root = Files.writeString(folder.resolve("root.pem"), believed.certificatePem());
    return new Target.Postgres(
        host, port, "postgres", "probe", new Secret(PASSWORD), mode, root.toString());
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
