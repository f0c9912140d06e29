package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Caller.Answer;
import dev.sluice.demo.tour.DemoWorld;
import dev.sluice.demo.tour.Stand;
import dev.sluice.gateway.cli.SluiceCommand;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.DependencyStatus;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Detail;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A drill: what works without a dependency is seen before it is needed, and nothing is harmed. */
@Timeout(180)
@ResourceLock(value = Contended.PROCESSOR, mode = ResourceAccessMode.READ)
class DrillTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String RECORD = "/api/orders/900000001";
  private static final String MORE =
      """
      breaker: { trial-climbs: 1, recovery: 500ms, learning: { mode: off } }
      validation:
        by-itself: false
        record: { path: %s, body: '{"item":"{marker}","quantity":1}' }
        fault-proxies: { orders-db: "http://127.0.0.1:%d/proxies/%s" }
      """;

  private static Stand stand;
  private static Caller caller;
  private static Caller admin;

  @BeforeAll
  static void start() {
    stand = Stand.start(0, 0, (world, text) -> text + more(world, "orders-db"));
    caller = new Caller(() -> stand.gateway().port());
    admin = new Caller(() -> stand.gateway().adminPort());
  }

  private static String more(DemoWorld world, String proxy) {
    return MORE.formatted(RECORD, world.switchPort(), proxy);
  }

  @AfterAll
  static void stop() {
    stand.close();
  }

  @AfterEach
  void repair() throws Exception {
    stand.world().databaseProxy().mode(Mode.PASS);
    change("DELETE", "");
  }

  private record Ran(int exit, String out) {
    String last() {
      return out.lines()
          .filter(line -> !line.startsWith("  not visited"))
          .reduce((one, next) -> next)
          .orElse("");
    }
  }

  private static Ran drill(Path routes, String... more) {
    StringWriter out = new StringWriter();
    String[] arguments =
        Stream.concat(Stream.of("drill", "--config", routes.toString()), Arrays.stream(more))
            .toArray(String[]::new);
    int exit =
        SluiceCommand.line()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(arguments);
    System.out.println(out);
    return new Ran(exit, out.toString());
  }

  /** As an operator does it, with the token. */
  private static HttpResponse<String> change(String method, String query) throws Exception {
    URI desk = URI.create("http://127.0.0.1:" + stand.gateway().adminPort() + "/-/drill" + query);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(desk)
                .header("Authorization", "Bearer " + stand.world().adminToken())
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static void well() {
    await("all is well")
        .atMost(PATIENCE)
        .until(
            () ->
                stand.gateway().posture().mode() == ServiceMode.FULL
                    && database().verdict().detail() == Detail.HEALTHY
                    && database().breaker() == BreakerState.CLOSED
                    && caller.get("/health/orders").status() == 200
                    && caller.get("/api/orders").status() == 200
                    && caller.get("/api/orders").header("cache-status").isEmpty());
  }

  private static DependencyStatus database() {
    return Objects.requireNonNull(stand.gateway().posture().dependencies().get("orders-db"));
  }

  private static String drilled() {
    return admin.get("/-/drill").body();
  }

  @Test
  void aGatewayOfItsOwnShowsThatEverythingHolds() {
    well();
    String before = drilled();
    Ran ran = drill(stand.routes());
    assertThat(ran.exit()).as(ran.out()).isZero();
    assertThat(ran.last()).startsWith("it holds: all ");
    assertThat(ran.out())
        .contains("passed   copies     orders-list: answered from the stored copy")
        .contains("passed   held       orders-write: two writes are held")
        .contains("passed   as ever    orders-health: answered 200 as before")
        .contains("passed   health     /health/ready: answered 200")
        .contains("passed   live again orders-list: answered by the backend")
        .contains("passed   released   orders-write: both writes are done, in their order")
        .contains("not visited: orders-create: ");
    assertThat(caller.get(RECORD).status()).as("the record is removed").isEqualTo(404);
    assertThat(stand.gateway().posture().mode()).isEqualTo(ServiceMode.FULL);
    assertThat(drilled()).as("the running gateway").isEqualTo(before);
  }

  /**
   * The proxy is the demo's, switched as a Toxiproxy is; the drill knows it from the file alone.
   */
  @Test
  void aConnectionThatIsReallyCutIsNoticedAndEverythingComesBack() {
    well();
    Ran ran = drill(stand.routes(), "--cut");
    assertThat(ran.exit()).as(ran.out()).isZero();
    assertThat(ran.out())
        .containsPattern("passed   noticed    orders-db: the breaker is open after [0-9.]+ s")
        .contains("passed   verdict    orders-db: the verdict is INFRASTRUCTURE server-refusing")
        .contains("passed   copies     orders-list: answered from the stored copy")
        .contains("passed   held       orders-write: two writes are held")
        .contains("passed   health     /health/live: answered 200: nobody is restarted")
        .containsPattern("passed   untouched  orders-db: \\d+ answers failed until the cut was")
        .containsPattern("passed   healed     orders-db: all breakers are closed and all is well")
        .contains("passed   released   orders-write: both writes are done, in their order");
    assertThat(stand.world().databaseProxy().mode()).isEqualTo(Mode.PASS);
    well();
    assertThat(caller.get(RECORD).status()).as("the record is removed").isEqualTo(404);
  }

  @Test
  void whatCannotBeCutIsTold() throws IOException {
    String text = Files.readString(stand.routes());
    Path other = stand.routes().resolveSibling("other.yaml");
    Files.writeString(other, text.replace("/proxies/orders-db", "/proxies/another"));
    Ran unknown = drill(other, "--cut");
    assertThat(unknown.exit()).isEqualTo(12);
    assertThat(unknown.out()).contains("/proxies/another does not follow: it answers 404");
    Files.writeString(other, text.replaceAll("(?m)^ *fault-proxies:.*$", ""));
    Ran none = drill(other, "--cut");
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.out()).contains("names none of these dependencies");
    assertThat(stand.world().databaseProxy().mode()).isEqualTo(Mode.PASS);
  }

  @Test
  void aRunningGatewayIsDrilledAndNobodyIsAlerted() throws Exception {
    well();
    HttpResponse<String> begun = change("POST", "?dependency=orders-db&seconds=30");
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(200);
    assertThat(stand.gateway().posture().mode()).isEqualTo(ServiceMode.DB_DEGRADED);
    assertThat(caller.get("/api/orders").header("cache-status").orElse("")).contains("hit");
    assertThat(caller.get("/health/orders").status()).isEqualTo(200);
    assertThat(admin.get("/").body()).contains("A drill: orders-db is taken to be down.");
    assertThat(admin.get("/health").body()).contains("a drill: orders-db is taken to be down");
    assertThat(change("POST", "?dependency=orders-db").body())
        .contains("another drill is under way");
    assertThat(change("DELETE", "").body()).contains("somebody ended it");
    well();
    assertThat(admin.get("/outages").body()).startsWith("{\"open\":[]");
  }

  @Test
  void itEndsWhenUsersFail() throws Exception {
    well();
    assertThat(change("POST", "?dependency=orders-db").statusCode()).isEqualTo(200);
    for (int i = 0; i < 3; i++) {
      Answer none = caller.get("/api/orders/never-read-" + i);
      assertThat(none.status()).isEqualTo(503);
    }
    await("it ends").atMost(Duration.ofSeconds(5)).until(() -> drilled().contains("ended"));
    assertThat(drilled()).contains("3 requests of clients failed", "\"failed\":3");
    assertThat(caller.get("/api/orders").status()).isEqualTo(200);
    well();
  }

  @Test
  void itEndsWhenSomethingReallyFailsAndBeginsOnlyWhenAllIsWell() throws Exception {
    well();
    assertThat(change("POST", "?dependency=orders-db&seconds=120").statusCode()).isEqualTo(200);
    stand.world().databaseProxy().mode(Mode.REFUSE);
    await("it ends").atMost(Duration.ofSeconds(20)).until(() -> drilled().contains("ended"));
    assertThat(drilled()).contains("orders-db is not well");
    HttpResponse<String> again = change("POST", "?dependency=orders-db");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("orders-db is not well: a drill waits until all is well.");
    stand.world().databaseProxy().mode(Mode.PASS);
    well();
  }

  @Test
  void itEndsByItselfWhenItsTimeIsOver() throws Exception {
    well();
    assertThat(change("POST", "?dependency=orders-db&seconds=1").statusCode()).isEqualTo(200);
    await("it ends").atMost(Duration.ofSeconds(5)).until(() -> drilled().contains("ended"));
    assertThat(drilled()).contains("its time was over");
    well();
  }

  @Test
  void whatMakesNoSenseIsRefused(@TempDir Path folder) throws Exception {
    assertThat(change("POST", "?dependency=nowhere").body())
        .contains("there is no dependency 'nowhere' (known: orders-db)");
    assertThat(change("POST", "?dependency=orders-db&seconds=0").statusCode()).isEqualTo(400);
    assertThat(change("POST", "").statusCode()).isEqualTo(400);
    Path production =
        Files.writeString(
            folder.resolve("routes.yaml"),
            Files.readString(stand.routes())
                .replace("environment: staging", "environment: production"));
    Ran ran = drill(production);
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.out()).contains("--yes-production drills there too");
    assertThat(drill(stand.routes(), "--dependency", "nowhere").exit()).isEqualTo(2);
  }

  @Test
  void withoutTheDatabaseNothingIsDrilled(@TempDir Path folder) throws IOException {
    Path elsewhere =
        Files.writeString(
            folder.resolve("routes.yaml"),
            Files.readString(stand.routes())
                .replace(":" + stand.world().databaseProxy().port() + "/", ":1/"));
    Ran ran = drill(elsewhere);
    assertThat(ran.exit()).isEqualTo(12);
    assertThat(ran.out()).contains("orders-db is not well: a drill waits until all is well");
  }
}
