package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.tour.Caller;
import dev.sluice.demo.tour.DemoWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway that is stopped for eight seconds blames nobody for what it missed. */
@Timeout(90)
class FrozenGatewayTest {
  private static final Duration FROZEN = Duration.ofSeconds(8);
  private static final Duration WATCHED = Duration.ofSeconds(4);

  private static JsonNode verdicts(GatewayProcess gateway) {
    String body = new Caller(gateway::adminPort).get("/verdict").body();
    return JsonMapper.builder().build().readTree(body);
  }

  private static boolean well(GatewayProcess gateway) {
    JsonNode now = verdicts(gateway);
    return now.path("mode").asString("").equals("full")
        && now.path("verdicts").properties().stream()
            .allMatch(v -> v.getValue().path("detail").asString("").equals("healthy"));
  }

  @Test
  void whatItMissedIsNobodysFault(@TempDir Path folder) throws IOException {
    try (DemoWorld world = DemoWorld.start()) {
      Path routes =
          Files.writeString(
              folder.resolve("routes.yaml"), world.routeFile(0, 0, folder.resolve("sluice.db")));
      try (GatewayProcess gateway = GatewayProcess.start(routes)) {
        await("all is well").atMost(Duration.ofSeconds(30)).until(() -> well(gateway));
        gateway.freeze();
        LockSupport.parkNanos(FROZEN.toNanos());
        gateway.thaw();
        List<String> blamed = watched(gateway);
        assertThat(blamed).isEmpty();
        assertThat(new Caller(gateway::port).get("/api/orders").status()).isEqualTo(200);
        assertThat(new Caller(gateway::adminPort).get("/metrics").body())
            .doesNotContain("sluice_breaker_transitions_total");
      }
    }
  }

  /** Every verdict that blamed somebody. */
  private static List<String> watched(GatewayProcess gateway) {
    List<String> blamed = new ArrayList<>();
    long end = System.nanoTime() + WATCHED.toNanos();
    while (System.nanoTime() < end) {
      if (!well(gateway)) {
        blamed.add(verdicts(gateway).toString());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    return blamed;
  }
}
