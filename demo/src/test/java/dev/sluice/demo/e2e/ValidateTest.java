package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Stand;
import dev.sluice.gateway.cli.SluiceCommand;
import dev.sluice.probes.mode.ServiceMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code validate} says of a system that is fixed, and of some that are not. */
@Timeout(180)
class ValidateTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** What the quick suite may take on loopback. */
  private static final Duration QUICK = Duration.ofSeconds(20);

  private static Stand stand;

  @BeforeAll
  static void start() {
    stand = Stand.start(0, 0, (world, text) -> text);
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
  }

  private static Path elsewhere(Path folder, int from, int to) throws IOException {
    String text = Files.readString(stand.routes());
    return Files.writeString(folder.resolve("routes.yaml"), text.replace(":" + from, ":" + to));
  }

  @Test
  void whatIsWellIsFixedWithReports(@TempDir Path folder) throws IOException {
    well();
    String admin = "http://127.0.0.1:" + stand.gateway().adminPort();
    Ran ran =
        validate(stand.routes(), "--admin", admin, "--report", folder.resolve("v").toString());
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
