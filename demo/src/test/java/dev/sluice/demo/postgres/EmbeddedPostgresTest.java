package dev.sluice.demo.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedPostgresTest {
  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() {
    server = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() {
    List<Long> pids = server.pids();
    server.close();
    assertThat(pids).isNotEmpty().noneMatch(EmbeddedPostgresTest::running);
  }

  @Test
  void theApplicationsRoleOwnsItsDatabaseAndIsNoSuperuser() {
    Session session = session(server.password());
    session.execute("create table if not exists mine (id int)");
    assertThat(session.query("show is_superuser")).containsExactly("off");
    assertThat(server.query("show is_superuser")).containsExactly("on");
    assertThat(server.url())
        .isEqualTo(
            "r2dbc:postgresql://orders:%s@127.0.0.1:%d/orders"
                .formatted(server.password(), server.port()));
  }

  @Test
  void aWrongPasswordIsRefused() {
    assertThatThrownBy(() -> session("wrong").query("select 1"))
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void committedRowsSurviveAKillAndARestartOnTheSamePort() {
    server.execute("create table kept (id int); insert into kept values (42)");
    int port = server.port();
    List<Long> before = server.pids();
    server.kill();
    assertThat(before).noneMatch(EmbeddedPostgresTest::running);
    assertThat(server.pids()).isEmpty();
    assertThatThrownBy(EmbeddedPostgresTest::connect).isInstanceOf(ConnectException.class);
    server.restart();
    assertThat(server.port()).isEqualTo(port);
    assertThat(server.query("select id from kept")).containsExactly("42");
  }

  @Test
  void aFrozenServerAcceptsAndAnswersNobodyUntilItIsThawed() throws IOException {
    server.freeze();
    try (Socket socket = connect()) {
      socket.setSoTimeout(300);
      socket.getOutputStream().write(new byte[] {0, 0, 0, 8, 4, (byte) 0xd2, 22, 47});
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      server.thaw();
      socket.setSoTimeout(5_000);
      assertThat(socket.getInputStream().read()).isEqualTo('N');
    } finally {
      server.thaw();
    }
    assertThat(server.query("select 1")).containsExactly("1");
  }

  @Test
  void aFrozenServerCanBeKilled() {
    server.freeze();
    server.restart();
    assertThat(server.query("select 1")).containsExactly("1");
  }

  @Test
  void anOrderlyStopIsFollowedByARestart() {
    server.stop();
    assertThat(server.pids()).isEmpty();
    server.restart();
    assertThat(server.query("select 1")).containsExactly("1");
  }

  @Test
  void aStandbyTakesReadsAloneAndADeafOneNobody() {
    try (EmbeddedPostgres pair = EmbeddedPostgres.start()) {
      pair.execute("create table kept (id int); insert into kept values (9)");
      pair.restartAs(Node.STANDBY);
      assertThat(pair.query("select id from kept")).containsExactly("9");
      assertThat(pair.query("select pg_is_in_recovery()")).containsExactly("true");
      assertThatThrownBy(() -> pair.execute("insert into kept values (1)"))
          .hasMessageContaining("read-only transaction");
      pair.restartAs(Node.DEAF_STANDBY);
      assertThatThrownBy(() -> pair.query("select 1"))
          .hasMessageContaining("not accepting connections");
      pair.restart();
      pair.execute("insert into kept values (1)");
    }
  }

  @Test
  void aRuleOfAccessHoldsUntilItIsTakenOut() {
    String rule = "host all orders all reject";
    server.rule(rule);
    assertThatThrownBy(() -> session(server.password()).query("select 1"))
        .hasMessageContaining("pg_hba.conf rejects");
    server.unrule(rule);
    assertThat(session(server.password()).query("select 1")).containsExactly("1");
  }

  @Test
  void aGivenFolderKeepsItsRowsAndItsPassword(@TempDir Path folder) {
    String password;
    try (EmbeddedPostgres first = EmbeddedPostgres.start(folder)) {
      first.execute("create table kept (id int); insert into kept values (7)");
      password = first.password();
    }
    try (EmbeddedPostgres second = EmbeddedPostgres.start(folder)) {
      assertThat(second.password()).isEqualTo(password);
      assertThat(second.query("select id from kept")).containsExactly("7");
    }
  }

  @Test
  void theNumberOfConnectionsCanBeChosen() {
    try (EmbeddedPostgres small = EmbeddedPostgres.start(7)) {
      assertThat(small.query("show max_connections")).containsExactly("7");
    }
  }

  @Test
  void anotherPlatformsBinariesHaveAnotherName() {
    assertThat(Binaries.name("linux", "amd64")).isEqualTo("postgres-linux-x86_64.txz");
    assertThat(Binaries.name("mac os x", "aarch64")).isEqualTo("postgres-darwin-arm_64.txz");
    assertThat(Binaries.name("linux", "riscv64")).isEqualTo("postgres-linux-riscv64.txz");
  }

  @Test
  void theInventoryNoticesAMissingFile(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("a"), "1");
    Files.writeString(folder.resolve("b"), "2");
    Inventory.write(folder);
    assertThat(Inventory.matches(folder)).isTrue();
    Files.delete(folder.resolve("b"));
    assertThat(Inventory.matches(folder)).isFalse();
  }

  private static Session session(String password) {
    return new Session(server.port(), server.user(), password, server.database());
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()), 2_000);
    return socket;
  }

  private static boolean running(long pid) {
    return ProcessHandle.of(pid).map(ProcessTree::runs).orElse(false);
  }
}
