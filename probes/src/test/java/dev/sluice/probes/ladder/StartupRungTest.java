package dev.sluice.probes.ladder;

import static dev.sluice.probes.ladder.Fixtures.climb;
import static dev.sluice.probes.ladder.Fixtures.failed;
import static dev.sluice.probes.ladder.Fixtures.postgres;
import static dev.sluice.probes.ladder.Fixtures.rungs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Target;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StartupRungTest {
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
  void aClosedPortIsRefused() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Climb climb = climb(postgres(port), resources);
    Sample sample = failed(climb, Rung.TCP);
    assertThat(sample.exception()).isEqualTo("ConnectException");
    assertThat(sample.signal()).isEqualTo("refused");
    assertThat(sample.message()).contains("Connection refused");
    assertThat(rungs(climb)).containsExactly(Rung.SELF, Rung.DNS, Rung.TCP);
  }

  @Test
  void aFullBacklogIsAConnectTimeout() throws IOException {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket one = fill(full);
        Socket two = fill(full);
        Socket three = fill(full)) {
      Sample sample = failed(climb(postgres(full.getLocalPort()), resources), Rung.TCP);
      assertThat(sample.signal()).isEqualTo("timeout");
      assertThat(sample.millis()).isBetween(1_000L, 1_500L);
      assertThat(one.isClosed() || two.isClosed()).isFalse();
      assertThat(three.isConnected()).as("a third finds no room").isFalse();
    }
  }

  @Test
  void anAcceptedAndClosedConnectionIsClosedAtStartup() throws IOException {
    try (ScriptedServer server = new ScriptedServer(Socket::close)) {
      Sample sample = failed(climb(postgres(server.port()), resources), Rung.STARTUP);
      assertThat(sample.signal()).isIn("eof", "reset");
      assertThat(sample.sqlState()).isNull();
    }
  }

  @Test
  void aConnectionClosedAfterTheRequestIsClosed() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            socket -> {
              ScriptedServer.request(socket);
              socket.close();
            })) {
      Sample sample = failed(climb(postgres(server.port()), resources), Rung.STARTUP);
      assertThat(sample.signal()).isEqualTo("eof");
    }
  }

  @Test
  void aResetConnectionIsReset() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            socket -> {
              ScriptedServer.request(socket);
              ScriptedServer.reset(socket);
            })) {
      Sample sample = failed(climb(postgres(server.port()), resources), Rung.STARTUP);
      assertThat(sample.signal()).isEqualTo("reset");
    }
  }

  @Test
  void aSilentServerIsSilentWithinItsDeadline() throws IOException {
    try (ScriptedServer server = new ScriptedServer(socket -> {})) {
      Sample sample = failed(climb(postgres(server.port()), resources), Rung.STARTUP);
      assertThat(sample.signal()).isEqualTo("silent");
      assertThat(sample.millis()).isBetween(1_100L, 1_600L);
    }
  }

  @Test
  void silenceAfterAnSslRequestIsToldOfStartup() throws IOException {
    try (ScriptedServer server = new ScriptedServer(socket -> {})) {
      Target target = postgres("127.0.0.1", server.port(), Target.SslMode.REQUIRE);
      Sample sample = failed(climb(target, resources), Rung.STARTUP);
      assertThat(sample.signal()).isEqualTo("silent");
    }
  }

  @Test
  void aServerWithoutTlsFailsRequire() throws IOException {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.answering(new byte[] {'N'}))) {
      Target target = postgres("127.0.0.1", server.port(), Target.SslMode.REQUIRE);
      Sample sample = failed(climb(target, resources), Rung.TLS);
      assertThat(sample.signal()).isEqualTo("no-tls");
    }
  }

  @Test
  void tooManyConnectionsIsTheServersOwnWord() throws IOException {
    Sample sample = refusedWith("FATAL", "53300", "sorry, too many clients already");
    assertThat(sample.sqlState()).isEqualTo("53300");
    assertThat(sample.synthetic()).isFalse();
    assertThat(sample.message()).isEqualTo("FATAL: sorry, too many clients already");
  }

  @Test
  void aStartingServerSaysSo() throws IOException {
    assertThat(refusedWith("FATAL", "57P03", "the database system is starting up").sqlState())
        .isEqualTo("57P03");
  }

  @Test
  void aMissingAccessRuleProvesTheServerAndFailsTheLogin() throws IOException {
    byte[] answer = ScriptedServer.error("FATAL", "28000", "no pg_hba.conf entry for host");
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.answering(answer))) {
      Climb climb = climb(postgres(server.port()), resources);
      assertThat(failed(climb, Rung.AUTHENTICATION).sqlState()).isEqualTo("28000");
      assertThat(rungs(climb)).contains(Rung.STARTUP);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void authenticationOkProvesTheServer() throws IOException {
    byte[] ok = ScriptedServer.message('R', new byte[] {0, 0, 0, 0});
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.answering(ok))) {
      Climb climb = climb(postgres(server.port()), resources);
      assertThat(failed(climb, Rung.AUTHENTICATION).signal()).isEqualTo("silent");
      assertThat(rungs(climb)).contains(Rung.STARTUP);
    }
  }

  @Test
  void anotherProtocolIsNamed() throws IOException {
    byte[] greeting = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.answering(greeting))) {
      Sample sample = failed(climb(postgres(server.port()), resources), Rung.STARTUP);
      assertThat(sample.signal()).isEqualTo("not-postgres");
    }
  }

  private static Sample refusedWith(String severity, String state, String text) throws IOException {
    byte[] answer = ScriptedServer.error(severity, state, text);
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.answering(answer))) {
      return failed(climb(postgres(server.port()), resources), Rung.STARTUP);
    }
  }

  /** A connection that takes a place in the backlog, or is refused one. */
  private static Socket fill(ServerSocket listener) {
    Socket socket = new Socket();
    try {
      socket.connect(listener.getLocalSocketAddress(), 200);
    } catch (IOException e) {
      return socket;
    }
    return socket;
  }
}
