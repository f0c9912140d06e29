package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.DemoWorld;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.ServiceMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The route file that comes with the demo, diagnosed in its three states. */
@Timeout(120)
@Isolated("measures how long connections take")
class DemoRoutesTest {
  private static int diagnosed(DemoWorld world) throws IOException {
    return DiagnoseProcess.run(Path.of("routes.yaml"), ports(world));
  }

  private static Map<String, String> ports(DemoWorld world) {
    return Map.of(
        "SLUICE_DEMO_DATABASE_PORT", Integer.toString(world.databaseProxy().port()),
        "SLUICE_DEMO_CONTROL_PORT", Integer.toString(world.controlProxy().port()),
        "SLUICE_DEMO_BACKEND_PORT", Integer.toString(world.backendPort()),
        "SLUICE_DEMO_PROXIES_PORT", Integer.toString(world.switchPort()));
  }

  @Test
  void besideARunningDemoItIsValidatedAndDrilled(@TempDir Path folder) throws IOException {
    try (Stand stand = Stand.start(0, 0, (world, text) -> text)) {
      Map<String, String> environment = new HashMap<>(ports(stand.world()));
      environment.put("SLUICE_DEMO_PORT", Integer.toString(stand.gateway().port()));
      environment.put("SLUICE_DEMO_STORE", folder.resolve("store.db").toString());
      await("all is well")
          .atMost(Duration.ofSeconds(40))
          .until(() -> stand.gateway().posture().mode() == ServiceMode.FULL);
      CommandProcess.Ended validated =
          CommandProcess.run(environment, List.of("validate", "--config", "routes.yaml"));
      assertThat(validated.exit()).as(validated.output()).isZero();
      assertThat(validated.output()).contains("0 of 100 failed", "written, read back and removed");
      CommandProcess.Ended drilled =
          CommandProcess.run(environment, List.of("drill", "--config", "routes.yaml"));
      assertThat(drilled.exit()).as(drilled.output()).isZero();
      assertThat(drilled.output()).contains("it holds: all 8 steps");
      CommandProcess.Ended cut =
          CommandProcess.run(environment, List.of("drill", "--cut", "--config", "routes.yaml"));
      assertThat(cut.exit()).as(cut.output()).isZero();
      assertThat(cut.output()).contains("it holds: all 11 steps");
    }
  }

  @Test
  void wellThenTheInfrastructuresFaultThenTheApplications() throws IOException {
    try (DemoWorld world = DemoWorld.start()) {
      assertThat(diagnosed(world)).isZero();
      world.path(Mode.BLACK_HOLE);
      assertThat(diagnosed(world)).isEqualTo(10);
      world.path(Mode.PASS);
      world.postgres().execute("alter table orders rename to orders_away");
      assertThat(diagnosed(world)).isEqualTo(11);
    }
  }
}
