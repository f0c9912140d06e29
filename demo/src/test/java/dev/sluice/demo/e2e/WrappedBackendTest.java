package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.demo.backend.OrdersProcess;
import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.Caller.Answer;
import dev.sluice.demo.tour.DemoWorld;
import dev.sluice.gateway.app.Gateway;
import dev.sluice.gateway.app.Wrapping;
import dev.sluice.probes.mode.BackendStatus;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The outage that all this comes from, with the backend as the gateway's child: an application that
 * ends because it does not reach its database.
 */
@Isolated("the child has ten seconds to be up again, its Java's start included")
@Timeout(180)
class WrappedBackendTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ORDER = "/api/orders/5";
  private static final Pattern PID = Pattern.compile("\"pid\":([0-9]+)");

  private static final Pattern OUTAGE = Pattern.compile("\"id\":\"([^\"]+)\"");

  private DemoWorld world;
  private Gateway gateway;
  private Caller caller;
  private Caller admin;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    world = DemoWorld.start();
    world.stopBackend();
    String text =
        world
            .routeFile(0, 0, folder.resolve("sluice.db"))
            .replace("accept: when-preferred", "accept: always");
    Path routes = Files.writeString(folder.resolve("routes.yaml"), text);
    Configuration configuration =
        Objects.requireNonNull(
            ConfigurationLoader.load(List.of(routes), System::getenv).configuration());
    gateway = Gateway.start(configuration, List.of(routes), wrapping(configuration));
    caller = new Caller(() -> gateway.port());
    admin = new Caller(() -> gateway.adminPort());
  }

  private Wrapping wrapping(Configuration configuration) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            OrdersProcess.class.getName());
    return new Wrapping(
        command,
        configuration.backends().get(0),
        Map.of(
            "PORT", Integer.toString(world.backendPort()),
            "DATABASE_URL", world.databaseUrl()));
  }

  @AfterEach
  void stop() {
    gateway.close();
    world.close();
  }

  private BackendStatus backend() {
    return Objects.requireNonNull(gateway.posture().backends().get("orders"));
  }

  private boolean runs() {
    return backend().lastHealth() != null && backend().lastHealth().ok();
  }

  private boolean closed() {
    BreakerState database = gateway.posture().dependencies().get("orders-db").breaker();
    return database == BreakerState.CLOSED && backend().breaker() == BreakerState.CLOSED;
  }

  private static String order(String item) {
    return "{\"item\":\"" + item + "\",\"quantity\":1}";
  }

  private Answer put(String item) {
    return caller.write("PUT", ORDER, order(item), Optional.of(item));
  }

  @Test
  void aBackendThatEndsWithItsDatabaseIsKeptUsefulAndRunsAgainSoonAfterIt() {
    await("started").atMost(PATIENCE).until(this::runs);
    await("let through").atMost(PATIENCE).until(this::closed);
    assertThat(put("tea").status()).isEqualTo(201);
    await("stored").atMost(PATIENCE).until(() -> caller.get(ORDER).status() == 200);

    world.databaseProxy().mode(Mode.REFUSE);
    await("it ends, again and again")
        .atMost(PATIENCE)
        .until(() -> admin.get("/processes").body().contains("\"in-a-row\":3"));
    assertThat(admin.get("/processes").body())
        .contains("\"code\":1")
        .contains("FATAL the database");
    await("blamed")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(backend().verdict().cause()).isEqualTo(Cause.INFRASTRUCTURE);
              assertThat(backend().verdict().evidence().toString())
                  .contains("its process ended with 1")
                  .contains("FATAL the database cannot be used");
            });
    assertThat(caller.get(ORDER).body()).contains("tea");
    assertThat(put("coffee").status()).isEqualTo(202);
    assertThat(caller.get("/health/live").status()).isEqualTo(200);
    assertThat(caller.get("/health/ready").status()).isEqualTo(200);

    world.databaseProxy().mode(Mode.PASS);
    await("runs again").atMost(Duration.ofSeconds(10)).until(this::runs);
    await("the held write is there")
        .atMost(PATIENCE)
        .until(() -> caller.get(ORDER).body().contains("coffee"));
    await("its last lines go into the report")
        .atMost(PATIENCE)
        .until(() -> reports().contains("FATAL the database cannot be used"));
  }

  private String reports() {
    StringBuilder all = new StringBuilder();
    Matcher outage = OUTAGE.matcher(admin.get("/outages").body());
    while (outage.find()) {
      all.append(admin.get("/outages/" + outage.group(1) + ".md").body());
    }
    return all.toString();
  }

  @Test
  void theChildEndsWithTheGateway() {
    await("started").atMost(PATIENCE).until(this::runs);
    Matcher pid = PID.matcher(admin.get("/processes").body());
    assertThat(pid.find()).isTrue();
    ProcessHandle child = ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
    gateway.close();
    assertThat(child.isAlive()).isFalse();
  }
}
