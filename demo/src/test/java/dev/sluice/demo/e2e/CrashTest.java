package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.DemoWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * kill -9 between 202 and replay: no acknowledged write is lost, none is applied twice. The writes
 * carry keys of the client: one without would be parked as AMBIGUOUS after an interrupted attempt.
 */
@Timeout(300)
@Order(4)
@ResourceLock(value = Contended.PROCESSOR, mode = ResourceAccessMode.READ)
class CrashTest {
  private static final int ROUNDS = 5;
  private static final int WRITES = 12;

  private DemoWorld world;
  private Path routes;
  private int probes;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    world = DemoWorld.start();
    await("the backend has made its tables")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                !world
                    .postgres()
                    .query("select 'made' where to_regclass('order_keys') is not null")
                    .isEmpty());
    routes = folder.resolve("routes.yaml");
    Files.writeString(routes, world.routeFile(0, 0, folder.resolve("sluice.db")));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void acknowledgedWritesAreAppliedExactlyOnce() throws IOException {
    List<String> acknowledged = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      world.databaseProxy().mode(Mode.BLACK_HOLE);
      acknowledged.addAll(acceptAndDie(round));
      try (GatewayProcess second = GatewayProcess.start(routes)) {
        world.databaseProxy().mode(Mode.PASS);
        if (round % 2 == 0) {
          await().atMost(Duration.ofSeconds(40)).until(() -> rows().size() > (WRITES / 2));
        }
      }
      try (GatewayProcess third = GatewayProcess.start(routes)) {
        await("round " + round + ": every acknowledged write is applied on port " + third.port())
            .atMost(Duration.ofSeconds(60))
            .until(() -> rows().keySet().containsAll(acknowledged));
        third.requireNoLeaks();
      }
      assertThat(rows().values()).as("applied twice").allMatch(count -> count == 1);
    }
    assertThat(acknowledged).hasSize(ROUNDS * WRITES);
  }

  /** Writes until enough are acknowledged, and kills the gateway at once. */
  private List<String> acceptAndDie(int round) throws IOException {
    List<String> accepted = new ArrayList<>();
    try (GatewayProcess gateway = GatewayProcess.start(routes)) {
      Caller caller = new Caller(gateway::port);
      await("the gateway holds writes")
          .atMost(Duration.ofSeconds(40))
          .until(
              () -> {
                String item = "round-" + round + "-probe-" + probes++;
                return post(caller, item) == 202 && accepted.add(item);
              });
      for (int i = 1; i < WRITES; i++) {
        String item = "round-" + round + "-" + i;
        assertThat(post(caller, item)).isEqualTo(202);
        accepted.add(item);
      }
      gateway.kill();
    }
    return accepted;
  }

  private static int post(Caller caller, String item) {
    try {
      String order = "{\"item\":\"" + item + "\",\"quantity\":1}";
      return caller.write("POST", "/api/orders", order, Optional.of(item)).status();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  private Map<String, Integer> rows() {
    Map<String, Integer> counts = new HashMap<>();
    world
        .postgres()
        .query("select item from orders")
        .forEach(item -> counts.merge(item, 1, Integer::sum));
    return counts;
  }
}
