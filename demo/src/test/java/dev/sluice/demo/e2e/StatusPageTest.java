package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.ServiceMode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.remote.Command;
import org.openqa.selenium.remote.DriverCommand;

/** The status page in a real browser, while the database goes and comes back. */
@Tag("browser")
@Timeout(180)
class StatusPageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration SAID = Duration.ofSeconds(2);
  private static final Dimension PHONE = new Dimension(390, 844);
  private static final Dimension DESK = new Dimension(1200, 1500);

  /** What reaches beyond the screen, and does not scroll by itself. */
  private static final String WIDER =
      """
      return [...document.querySelectorAll("body *")]
        .filter(one => !one.closest(".scroll"))
        .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(one => one.tagName + " " + one.textContent.slice(0, 60));
      """;

  /** Where pictures of the four states are left. */
  private static final Path PICTURES = Path.of("target", "screenshots");

  @TempDir private static Path profile;
  private static Stand stand;
  private static Caller caller;
  private static ChromeDriverService service;
  private static ChromeDriver browser;

  @BeforeAll
  static void start() throws IOException {
    stand =
        Stand.start(
            0,
            0,
            (world, text) ->
                text + "breaker: { trial-climbs: 1, recovery: 500ms, learning: { mode: off } }\n");
    caller = new Caller(() -> stand.gateway().port());
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile);
    service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File("/usr/bin/chromedriver"))
            .build();
    browser = new ChromeDriver(service, options);
    Files.createDirectories(PICTURES);
  }

  @AfterAll
  static void stop() throws IOException {
    // Its own quit() waits minutes for a channel that is closed already.
    browser.getCommandExecutor().execute(new Command(browser.getSessionId(), DriverCommand.QUIT));
    service.stop();
    stand.close();
  }

  /** Whatever a test left behind, the next one finds the way open. */
  @AfterEach
  void repair() {
    stand.world().controlProxy().mode(Mode.PASS);
    stand.world().databaseProxy().mode(Mode.PASS);
  }

  private static void mode(ServiceMode mode) {
    await(mode.label())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> stand.gateway().posture().mode() == mode);
  }

  private static void says(ServiceMode mode) {
    await("the page says " + mode.label())
        .atMost(SAID)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> text("headline").startsWith(mode.label()));
  }

  private static void open() {
    browser.get("http://127.0.0.1:" + stand.gateway().adminPort() + "/");
    await("live")
        .atMost(PATIENCE)
        .until(() -> browser.findElement(By.id("live")).getText().equals("Live"));
  }

  private static void picture(String name) throws IOException {
    browser.manage().window().setSize(DESK);
    Files.write(PICTURES.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
  }

  @Test
  void anOutageIsSaidWithinTwoSecondsAndLooksRightInEachState() throws Exception {
    mode(ServiceMode.FULL);
    for (int i = 0; i < 50; i++) {
      caller.get("/api/orders");
    }
    open();
    says(ServiceMode.FULL);
    readable();
    picture("full");
    stand.world().databaseProxy().mode(Mode.REFUSE);
    mode(ServiceMode.DB_DEGRADED);
    says(ServiceMode.DB_DEGRADED);
    String order = "{\"item\":\"tea\",\"quantity\":1}";
    for (int i = 0; i < 20; i++) {
      caller.get("/api/orders");
      caller.write("POST", "/api/orders", order, Optional.empty());
    }
    assertThat(text("headline")).contains("Do first:", "owner infrastructure", "confidence");
    await().atMost(PATIENCE).until(() -> text("outages").contains("told infrastructure"));
    readable();
    picture("db-degraded");
    stand.world().controlProxy().mode(Mode.BLACK_HOLE);
    stand.world().databaseProxy().mode(Mode.BLACK_HOLE);
    mode(ServiceMode.INFRA_FAILURE);
    says(ServiceMode.INFRA_FAILURE);
    assertThat(browser.findElements(By.cssSelector(".map .faulty"))).isNotEmpty();
    assertThat(browser.findElements(By.cssSelector(".map .affected"))).isNotEmpty();
    readable();
    picture("infra-failure");
    stand.world().controlProxy().mode(Mode.PASS);
    stand.world().databaseProxy().mode(Mode.PASS);
    mode(ServiceMode.FULL);
    says(ServiceMode.FULL);
    await().atMost(PATIENCE).until(() -> text("queue").contains("Nothing waits."));
    picture("recovered");
  }

  private static String text(String id) {
    return String.valueOf(
        browser.executeScript("return document.getElementById(arguments[0]).innerText", id));
  }

  /** On a desk and on a phone, in light and in dark. */
  private static void readable() throws IOException {
    for (Dimension size : List.of(DESK, PHONE)) {
      browser.manage().window().setSize(size);
      for (String scheme : List.of("light", "dark")) {
        browser.executeCdpCommand(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        assertThat(serious()).as(scheme + " " + size).isEqualTo(List.of());
        assertThat(browser.executeScript(WIDER)).as("wider than %s", size).isEqualTo(List.of());
      }
    }
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
  }

  /** What axe finds that somebody could not work with. */
  private static Object serious() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(StatusPageTest.class.getResourceAsStream("/axe.min.js"))) {
      browser.executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    return browser.executeAsyncScript(
        """
        const done = arguments[arguments.length - 1];
        axe.run().then(found => done(found.violations
          .filter(one => one.impact === "serious" || one.impact === "critical")
          .map(one => one.id + ": " + one.nodes.map(node => node.html.slice(0, 200)).join(" | "))));
        """);
  }

  @Test
  void itIsSmallQuickAndAsksNobodyElse() {
    mode(ServiceMode.FULL);
    String page = new Caller(() -> stand.gateway().adminPort()).get("/").body();
    assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(300 * 1024);
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      open();
      Object paint =
          browser.executeScript(
              "return performance.getEntriesByType('paint').map(one => one.startTime)[0]");
      best = Math.min(best, ((Number) paint).doubleValue());
    }
    System.out.println("first paint after " + best + " ms, " + page.length() + " characters");
    assertThat(best).isLessThan(300);
    Object others =
        browser.executeScript(
            "return performance.getEntriesByType('resource').map(one => one.name)"
                + ".filter(name => !name.startsWith(location.origin))");
    assertThat(others).isEqualTo(List.of());
  }

  @Test
  void everythingCanBeReachedByKeyboard() {
    mode(ServiceMode.FULL);
    open();
    Object hidden =
        browser.executeScript(
            """
            return [...document.querySelectorAll("a[href], .scroll")]
              .filter(one => one.tabIndex < 0).length
            """);
    assertThat(((Number) hidden).intValue()).isZero();
    assertThat(browser.findElement(By.id("live")).getAttribute("role")).isEqualTo("status");
  }
}
