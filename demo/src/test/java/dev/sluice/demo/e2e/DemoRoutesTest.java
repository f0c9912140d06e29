package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.DemoWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The route file that comes with the demo, diagnosed in its three states. */
@Timeout(120)
class DemoRoutesTest {
  private static int diagnosed(DemoWorld world) throws IOException {
    return DiagnoseProcess.run(
        Path.of("routes.yaml"),
        Map.of(
            "SLUICE_DEMO_DATABASE_PORT", Integer.toString(world.databaseProxy().port()),
            "SLUICE_DEMO_CONTROL_PORT", Integer.toString(world.controlProxy().port()),
            "SLUICE_DEMO_BACKEND_PORT", Integer.toString(world.backendPort())));
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
