package dev.sluice.probes.ladder;

import static dev.sluice.probes.ladder.Fixtures.PASSWORD;
import static dev.sluice.probes.ladder.Fixtures.TIERS;
import static dev.sluice.probes.ladder.Fixtures.climb;
import static dev.sluice.probes.ladder.Fixtures.dependency;
import static dev.sluice.probes.ladder.Fixtures.failed;
import static dev.sluice.probes.ladder.Fixtures.rungs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Dependency;
import dev.sluice.config.Secret;
import dev.sluice.config.Target;
import dev.sluice.config.Tiers;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Rung;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Sessions;
import dev.sluice.probes.verdict.Signal;
import dev.sluice.probes.verdict.Vantage;
import dev.sluice.servers.PostgresServer;
import io.netty.channel.EventLoop;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Isolated("counts the sockets of the whole process")
class RealPostgresTest {
  private static ProbeResources resources;
  private static PostgresServer server;

  @BeforeAll
  static void start() throws IOException {
    resources = ProbeResources.create();
    server = PostgresServer.start(PASSWORD);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    resources.close();
  }

  @Test
  void aHealthyServerHoldsEveryRung() {
    Climb climb = climb(dependency(target(PASSWORD, "postgres"), TIERS, "SELECT 1"), resources);
    assertThat(climb.failed()).isNull();
    assertThat(rungs(climb))
        .containsExactly(
            Rung.SELF,
            Rung.DNS,
            Rung.TCP,
            Rung.STARTUP,
            Rung.AUTHENTICATION,
            Rung.SELECT_ONE,
            Rung.RECOVERY,
            Rung.SESSIONS,
            Rung.FULL_QUERY);
  }

  /** As Cloud SQL is reached below /cloudsql: no name, no network, and the same rungs above. */
  @Test
  void aServerIsClimbedByItsSocketsFile() throws IOException {
    long before = sockets();
    Climb climb = climb(dependency(by(server.socket().toString()), TIERS, "SELECT 1"), resources);
    assertThat(climb.failed()).isNull();
    assertThat(rungs(climb))
        .containsExactly(
            Rung.SELF,
            Rung.TCP,
            Rung.STARTUP,
            Rung.AUTHENTICATION,
            Rung.SELECT_ONE,
            Rung.RECOVERY,
            Rung.SESSIONS,
            Rung.FULL_QUERY);
    // The loop of such sessions keeps some of its own.
    Awaitility.await().untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(before + 2));
  }

  /** As where the hashing of a password takes its time: the server has answered long ago. */
  @Test
  void aLoginThatThisProcessHoldsUpIsNotTheServersSilence() {
    Climb held = climbBusy(Duration.ofMillis(2_500));
    assertThat(held.failed()).isNull();
    assertThat(held.at(Rung.AUTHENTICATION).millis()).isGreaterThan(1_500);
    Sample frozen = failed(climbBusy(Duration.ofSeconds(9)), Rung.AUTHENTICATION);
    assertThat(frozen.signal()).isEqualTo(Signal.FROZEN);
    assertThat(frozen.millis()).isLessThan(3 * 1_500 + 500);
  }

  /** A climb whose driver's loop is busy for so long from the rung before the login on. */
  private static Climb climbBusy(Duration time) {
    Dependency to = dependency(target(PASSWORD, "postgres"), TIERS, null);
    Ladder ladder =
        Ladders.of(to, Vantage.SHARED, resources, InstantSource.system(), System::nanoTime);
    AtomicBoolean over = new AtomicBoolean();
    EventLoop loop = resources.sessions().next().next();
    Climb climb =
        ladder
            .climb(
                false,
                seen -> {
                  if (seen.rung() == Rung.STARTUP) {
                    long end = System.nanoTime() + time.toNanos();
                    loop.schedule(() -> spin(end, over), 1, TimeUnit.MILLISECONDS);
                  }
                })
            .block(Duration.ofSeconds(30));
    over.set(true);
    return Objects.requireNonNull(climb);
  }

  private static void spin(long end, AtomicBoolean over) {
    long turns = 0;
    while (System.nanoTime() < end && !over.get()) {
      turns++;
    }
    assertThat(turns).isPositive();
  }

  @Test
  void aFileThatNobodyListensAtIsRefused() {
    Climb climb = climb(dependency(by("/no/such/.s.PGSQL.5432"), TIERS, null), resources);
    Sample failed = failed(climb, Rung.TCP);
    assertThat(failed.signal()).isEqualTo(Signal.REFUSED);
    assertThat(failed.message()).isEqualTo("Nobody listens at /no/such/.s.PGSQL.5432.");
  }

  private static Target by(String socket) {
    return new Target.Postgres(
        "localhost",
        5432,
        "postgres",
        "probe",
        new Secret(PASSWORD),
        Target.SslMode.DISABLE,
        null,
        socket);
  }

  @Test
  void aPlainRoleSeesWhoHoldsTheConnections() {
    run("DO $$ BEGIN CREATE ROLE plain LOGIN PASSWORD '" + PASSWORD + "'; END $$");
    run("DO $$ BEGIN CREATE ROLE app LOGIN PASSWORD '" + PASSWORD + "'; END $$");
    List<Connection> held = new ArrayList<>();
    try {
      held.addAll(hold("app", "postgres", 4));
      held.addAll(hold("app", "template1", 2));
      held.addAll(hold("plain", "postgres", 1));
      Awaitility.await("until sessions of other tests are gone")
          .untilAsserted(
              () -> {
                Climb climb = climb(dependency(as("plain", "postgres"), TIERS, null), resources);
                assertThat(climb.sessions()).isEqualTo(new Sessions(97, 4, 1, 2, "app/orders"));
                assertThat(climb.at(Rung.SESSIONS).message()).contains("4 by the application");
              });
    } finally {
      held.forEach(c -> Mono.from(c.close()).block(Duration.ofSeconds(5)));
    }
  }

  @Test
  void whatARolesOwnLimitLeavesIsAllThatIsFree() {
    run("CREATE ROLE few LOGIN CONNECTION LIMIT 3 PASSWORD '" + PASSWORD + "'");
    List<Connection> held = new ArrayList<>(hold("few", "postgres", 1));
    try {
      Awaitility.await("until sessions of other climbs are gone")
          .untilAsserted(
              () -> {
                Climb climb = climb(dependency(as("few", "postgres"), TIERS, null), resources);
                assertThat(climb.sessions()).isNotNull();
                assertThat(climb.sessions().left()).isEqualTo(1);
                assertThat(climb.sessions().free()).isEqualTo(1);
              });
    } finally {
      held.forEach(c -> Mono.from(c.close()).block(Duration.ofSeconds(5)));
    }
  }

  @Test
  void aServerThatDoesNotTellItsSessionsIsNoFault() {
    run("CREATE ROLE blind LOGIN PASSWORD '" + PASSWORD + "'");
    run("REVOKE SELECT ON pg_stat_activity FROM PUBLIC");
    try {
      Climb climb = climb(dependency(as("blind", "postgres"), TIERS, "SELECT 1"), resources);
      assertThat(climb.ok()).isTrue();
      assertThat(climb.sessions()).isNull();
      assertThat(climb.at(Rung.SESSIONS).message()).contains("permission denied");
    } finally {
      run("GRANT SELECT ON pg_stat_activity TO PUBLIC");
    }
  }

  @Test
  void preferGoesOnWithoutTls() {
    Target target = target(Target.SslMode.PREFER);
    Climb climb = climb(target, resources);
    assertThat(climb.failed()).isNull();
    assertThat(rungs(climb)).contains(Rung.TLS);
  }

  @Test
  void requireFailsWithoutTls() {
    assertThat(failed(climb(target(Target.SslMode.REQUIRE), resources), Rung.TLS).signal())
        .isEqualTo("no-tls");
  }

  @Test
  void aWrongPasswordIsTheServersOwnWord() {
    Climb climb = climb(target("wrong-password-of-mine", "postgres"), resources);
    Sample sample = failed(climb, Rung.AUTHENTICATION);
    assertThat(sample.sqlState()).isEqualTo("28P01");
    assertThat(sample.synthetic()).isFalse();
    assertThat(climb.toString()).doesNotContain("wrong-password-of-mine");
  }

  @Test
  void aMissingDatabaseIsNamed() {
    Sample sample = failed(climb(target(PASSWORD, "absent"), resources), Rung.AUTHENTICATION);
    assertThat(sample.sqlState()).isEqualTo("3D000");
    assertThat(sample.message()).contains("absent");
  }

  @Test
  void aMissingTableFailsTheFullQuery() {
    Sample sample = fullQuery("SELECT 1 FROM nowhere LIMIT 1", TIERS);
    assertThat(sample.sqlState()).isEqualTo("42P01");
    assertThat(sample.synthetic()).isFalse();
  }

  @Test
  void aSlowQueryEndsInTheServersStatementTimeout() {
    // The server's timeout is a tenth before ours: on a busy machine a short tier leaves it no
    // time.
    Tiers tiers = new Tiers(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(4));
    Sample sample = fullQuery("SELECT pg_sleep(30)", tiers);
    assertThat(sample.sqlState()).isEqualTo("57014");
    assertThat(sample.millis()).isBetween(3_500L, 4_300L);
  }

  @Test
  void aReadOnlyNodeFailsRecovery() {
    run("ALTER DATABASE template1 SET default_transaction_read_only = on");
    Sample sample = failed(climb(target(PASSWORD, "template1"), resources), Rung.RECOVERY);
    assertThat(sample.sqlState()).isEqualTo("25006");
    assertThat(sample.synthetic()).isTrue();
    assertThat(sample.signal()).isEqualTo("read-only");
  }

  @Test
  void aFrozenServerIsSilentAndRecovers() throws IOException {
    server.freeze();
    try {
      Sample sample = failed(climb(target(PASSWORD, "postgres"), resources), Rung.STARTUP);
      assertThat(sample.signal()).isEqualTo("silent");
      assertThat(sample.millis()).isLessThan(1_600);
    } finally {
      server.resume();
    }
    assertThat(climb(target(PASSWORD, "postgres"), resources).failed()).isNull();
  }

  @Test
  void silentClimbsLeakNoSockets() throws IOException {
    climb(target(PASSWORD, "postgres"), resources);
    byte[] welcome = ScriptedServer.message('R', new byte[] {0, 0, 0, 3});
    long before = sockets();
    try (ScriptedServer silent = new ScriptedServer(onceThenSilent(welcome))) {
      Target target = Fixtures.postgres(silent.port());
      Flux.range(0, 20)
          .flatMap(
              i ->
                  Ladders.of(
                          dependency(target),
                          Vantage.SHARED,
                          resources,
                          InstantSource.system(),
                          System::nanoTime)
                      .climb(false),
              20)
          .doOnNext(climb -> failed(climb, Rung.AUTHENTICATION))
          .blockLast(Duration.ofSeconds(20));
      assertThat(silent.connections()).isEqualTo(40);
    }
    Awaitility.await().untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(before));
  }

  @Test
  void aCancelledClimbLeaksNoSockets() throws IOException {
    climb(target(PASSWORD, "postgres"), resources);
    long before = sockets();
    try (ScriptedServer silent = new ScriptedServer(socket -> {})) {
      Disposable climbing =
          Ladders.of(
                  dependency(Fixtures.postgres(silent.port())),
                  Vantage.SHARED,
                  resources,
                  InstantSource.system(),
                  System::nanoTime)
              .climb(false)
              .subscribe();
      Awaitility.await().until(() -> silent.connections() == 1);
      climbing.dispose();
    }
    Awaitility.await().untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(before));
  }

  /** Lets our own handshake pass and keeps silent towards the driver's. */
  private static ScriptedServer.Script onceThenSilent(byte[] welcome) {
    return socket -> {
      byte[] request = ScriptedServer.request(socket);
      if (!new String(request, java.nio.charset.StandardCharsets.ISO_8859_1).contains("timezone")
          && request.length < 60) {
        socket.getOutputStream().write(welcome);
      }
    };
  }

  private static Sample fullQuery(String sql, Tiers tiers) {
    return failed(
        climb(dependency(target(PASSWORD, "postgres"), tiers, sql), resources), Rung.FULL_QUERY);
  }

  private static void run(String sql) {
    assertThat(climb(dependency(target(PASSWORD, "postgres"), TIERS, sql), resources).failed())
        .isNull();
  }

  private static Target target(Target.SslMode ssl) {
    return new Target.Postgres(
        "127.0.0.1", server.port(), "postgres", "probe", new Secret(PASSWORD), ssl);
  }

  private static List<Connection> hold(String role, String database, int count) {
    PostgresqlConnectionFactory factory =
        new PostgresqlConnectionFactory(
            PostgresqlConnectionConfiguration.builder()
                .host("127.0.0.1")
                .port(server.port())
                .username(role)
                .password(PASSWORD)
                .database(database)
                .applicationName("orders")
                .build());
    return Objects.requireNonNull(
        Flux.range(0, count)
            .concatMap(i -> factory.create())
            .cast(Connection.class)
            .collectList()
            .block(Duration.ofSeconds(10)));
  }

  private static Target as(String role, String database) {
    return new Target.Postgres(
        "127.0.0.1", server.port(), database, role, new Secret(PASSWORD), Target.SslMode.DISABLE);
  }

  private static Target target(String password, String database) {
    return new Target.Postgres(
        "127.0.0.1",
        server.port(),
        database,
        "probe",
        new Secret(password),
        Target.SslMode.DISABLE);
  }

  private static long sockets() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(RealPostgresTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }
}
