package dev.sluice.demo.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.config.LoadResult;
import dev.sluice.config.Route;
import dev.sluice.demo.fault.Mode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DemoWorldTest {
  private static DemoWorld world;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    world = DemoWorld.start();
  }

  @AfterAll
  static void stop() {
    world.close();
    assertThat(world.postgres().pids()).isEmpty();
  }

  @Test
  void theRouteFileLoadsWithoutAnyProblem(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("routes.yaml");
    Files.writeString(file, world.routeFile(0, 0, folder.resolve("sluice.db")));
    LoadResult result = ConfigurationLoader.load(List.of(file), name -> null);
    assertThat(result.problems()).isEmpty();
    Configuration configuration = result.configuration();
    assertThat(configuration.routes())
        .extracting(Route::id)
        .contains("orders-health", "orders-read", "orders-write");
    assertThat(configuration.backends().get(0).sharesNetwork()).isTrue();
    assertThat(configuration.controls()).hasSize(1);
  }

  @Test
  void theBackendKeepsItsPortOverARestart() {
    awaitHealth(200);
    world.restartBackend();
    awaitHealth(200);
  }

  @Test
  void aBrokenDatabaseProxyMakesTheBackendUnhealthyAndLeavesTheControl() {
    awaitHealth(200);
    world.databaseProxy().mode(Mode.REFUSE);
    awaitHealth(503);
    assertThat(world.controlProxy().mode()).isEqualTo(Mode.PASS);
    world.databaseProxy().mode(Mode.PASS);
    awaitHealth(200);
  }

  private void awaitHealth(int status) {
    URI health = URI.create("http://127.0.0.1:" + world.backendPort() + "/health");
    HttpRequest request = HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(
            () ->
                client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()
                    == status);
  }
}
