package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Stand;
import dev.sluice.gateway.cli.SluiceCommand;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.mode.ServiceMode;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What {@code validate} says of a system that is fixed, and of some that are not. */
@Timeout(180)
@ResourceLock(Contended.PROCESSOR)
class ValidateTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** What the quick suite may take on loopback. */
  private static final Duration QUICK = Duration.ofSeconds(20);

  private static Stand stand;
  private static Caller admin;

  @BeforeAll
  static void start() {
    String quickly =
        """
        breaker: { trial-climbs: 1, recovery: 500ms, learning: { mode: off } }
        alerts: { after: 1s, resolve-after: 5s }
        """;
    stand = Stand.start(0, 0, (world, text) -> text + quickly);
    admin = new Caller(() -> stand.gateway().adminPort());
  }

  @AfterAll
  static void stop() {
    stand.close();
  }

  private record Ran(int exit, String out, Duration took) {
    String last() {
      return out.lines().reduce((one, next) -> next).orElse("");
    }
  }

  private static Ran validate(Path routes, String... more) {
    StringWriter out = new StringWriter();
    String[] arguments = new String[3 + more.length];
    arguments[0] = "validate";
    arguments[1] = "--config";
    arguments[2] = routes.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    long begun = System.nanoTime();
    int exit =
        SluiceCommand.line()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(arguments);
    System.out.println(out);
    return new Ran(exit, out.toString(), Duration.ofNanos(System.nanoTime() - begun));
  }

  private static void well() {
    await().atMost(PATIENCE).until(() -> stand.gateway().posture().mode() == ServiceMode.FULL);
    await("told").atMost(PATIENCE).until(() -> outages().startsWith("{\"open\":[]"));
  }

  private static BreakerState breaker() {
    return stand.gateway().posture().dependencies().get("orders-db").breaker();
  }

  private static String outages() {
    return admin.get("/outages").body();
  }

  /** How many followed a breaker that had closed. */
  private static int validations() {
    return admin.get("/validations").body().split("\"trigger\":\"closed\"", -1).length - 1;
  }

  private static Path elsewhere(Path folder, int from, int to) throws IOException {
    String text = Files.readString(stand.routes());
    return Files.writeString(folder.resolve("routes.yaml"), text.replace(":" + from, ":" + to));
  }

  @Test
  void whatIsWellIsFixedWithReports(@TempDir Path folder) throws IOException {
    well();
    String port = "http://127.0.0.1:" + stand.gateway().adminPort();
    Ran ran = validate(stand.routes(), "--admin", port, "--report", folder.resolve("v").toString());
    assertThat(ran.last()).startsWith("fixed: all ");
    assertThat(ran.exit()).isZero();
    assertThat(ran.took()).isLessThan(QUICK);
    assertThat(ran.out())
        .contains("passed   connects orders-db: 0 of 100 failed: under 3.0 %; p50 ")
        .contains("passed   health   orders: 200 OK, status: ")
        .contains("passed   alerts   gateway: no outage is open")
        .contains("passed   replay   gateway: no held write waits");
    assertThat(Files.readString(folder.resolve("v/validation.json")))
        .contains("\"verdict\" : \"fixed\"", "\"millis\" : [");
    assertThat(Files.readString(folder.resolve("v/validation.xml")))
        .contains("<testsuite name=\"sluice validate quick\"", "failures=\"0\" errors=\"0\"");
    assertThat(Files.readString(folder.resolve("v/validation.html")))
        .contains("<h1 class=passed>fixed", "<polyline")
        .doesNotContain("http://", "https://", "<script");
  }

  @Test
  void oneConnectionInFiveThatFailsIsNotFixed(@TempDir Path folder) throws IOException {
    well();
    int proxy = stand.world().databaseProxy().port();
    try (FlakyPort flaky = new FlakyPort(proxy, 5)) {
      for (int i = 0; i < 5; i++) {
        Ran ran = validate(elsewhere(folder, proxy, flaky.port()));
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out())
            .containsPattern("failed +connects +orders-db: \\d+ of [3-9]\\d failed");
        assertThat(ran.took()).isLessThan(QUICK);
      }
    }
  }

  @Test
  void aPathThatIsDownIsNotFixed(@TempDir Path folder) throws IOException {
    well();
    stand.world().databaseProxy().mode(Mode.REFUSE);
    try {
      Ran ran = validate(stand.routes(), "--report", folder.toString());
      assertThat(ran.exit()).isEqualTo(1);
      assertThat(ran.last()).startsWith("not fixed: ladder of orders-db");
      assertThat(Files.readString(folder.resolve("validation.xml"))).contains("<failure message=");
      assertThat(ran.took()).isLessThan(QUICK);
    } finally {
      stand.world().databaseProxy().mode(Mode.PASS);
    }
  }

  @Test
  void aBreakerThatHasClosedIsFollowedByAValidation() {
    well();
    int before = validations();
    stand.world().databaseProxy().mode(Mode.REFUSE);
    try {
      await("told").atMost(PATIENCE).until(() -> outages().startsWith("{\"open\":[{"));
      await("closed to requests").atMost(PATIENCE).until(() -> breaker() == BreakerState.OPEN);
    } finally {
      stand.world().databaseProxy().mode(Mode.PASS);
    }
    Caller client = new Caller(() -> stand.gateway().port());
    await("open to them")
        .atMost(PATIENCE)
        .until(() -> client.get("/api/orders").status() == 200 && breaker() == BreakerState.CLOSED);
    await("validated").atMost(PATIENCE).until(() -> validations() > before);
    await("on the page")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(onThePage()).startsWith("fixed: all 4 steps"));
    well();
    assertThat(admin.get("/metrics").body())
        .contains("sluice_validations_total{ruling=\"fixed\",subject=\"orders-db\"} ");
    Matcher id = Pattern.compile("\"ended\":\\[\\{\"id\":\"([^\"]+)").matcher(outages());
    assertThat(id.find()).isTrue();
    assertThat(admin.get("/outages/" + id.group(1) + ".md").body())
        .contains("Validation of orders-db: fixed");
  }

  /** What the page says of the last validation. */
  private static String onThePage() {
    Matcher said =
        Pattern.compile("Validation of orders-db: ([^<]*)").matcher(admin.get("/").body());
    return said.find() ? said.group(1) : "nothing";
  }

  /** Real clients of what is not stored, who get errors once the gateway begins to connect. */
  @Test
  void aValidationEndsWhenClientsFareWorse() throws Exception {
    well();
    AtomicBoolean goesOn = new AtomicBoolean(true);
    AtomicInteger asked = new AtomicInteger();
    ExecutorService clients = Executors.newFixedThreadPool(3);
    Caller client = new Caller(() -> stand.gateway().port());
    for (int i = 0; i < 3; i++) {
      clients.execute(
          () -> {
            while (goesOn.get()) {
              client.get("/api/orders/" + (1_000_000 + asked.incrementAndGet()));
            }
          });
    }
    try {
      await("usual").atMost(PATIENCE).until(() -> asked.get() > 300);
      assertThat(fullValidation()).isEqualTo(200);
      stand.world().backend().buggy(true);
      await("ended")
          .atMost(PATIENCE)
          .until(() -> admin.get("/validations").body().contains("clients fared worse meanwhile"));
    } finally {
      goesOn.set(false);
      stand.world().backend().buggy(false);
      clients.shutdown();
    }
    assertThat(clients.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    well();
  }

  private static int fullValidation() throws Exception {
    URI desk =
        URI.create("http://127.0.0.1:" + stand.gateway().adminPort() + "/validations?suite=full");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(desk)
                .header("Authorization", "Bearer " + stand.world().adminToken())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void aReadOnlyDatabaseIsNotFixed() {
    well();
    String setting = "alter database orders %s default_transaction_read_only%s";
    stand.world().postgres().administer(setting.formatted("set", " = on"));
    try {
      Ran ran = validate(stand.routes());
      assertThat(ran.exit()).isEqualTo(1);
      assertThat(ran.out()).containsPattern("failed +ladder +orders-db: .*read");
      assertThat(ran.took()).isLessThan(QUICK);
    } finally {
      stand.world().postgres().administer(setting.formatted("reset", ""));
    }
  }
}
