package dev.sluice.demo.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.backend.Supervisor;
import dev.sluice.demo.fault.Mode;
import dev.sluice.probes.mode.ServiceMode;
import dev.sluice.probes.verdict.Detail;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StandTest {
  @Test
  void theSupervisorRestartsADeadBackendAndTells() {
    try (Stand stand = Stand.start(0, 0, (world, text) -> text)) {
      Caller caller = new Caller(() -> stand.gateway().port());
      await().atMost(Duration.ofSeconds(60)).until(() -> caller.get("/api/orders").status() == 200);
      AtomicInteger told = new AtomicInteger();
      try (Supervisor supervisor = stand.supervise(told::incrementAndGet)) {
        stand.world().stopBackend();
        await("a restart").atMost(Duration.ofSeconds(60)).until(() -> told.get() > 0);
        assertThat(supervisor.restarts()).isPositive();
      }
      await("live answers")
          .atMost(Duration.ofSeconds(60))
          .until(() -> caller.get("/api/orders").header("cache-status").isEmpty());
    }
  }

  @Test
  void aDeadServerIsNotTakenForADeadNetwork() {
    try (Stand stand = Stand.start(0, 0, (world, text) -> text)) {
      await("mode full")
          .atMost(Duration.ofSeconds(60))
          .until(() -> stand.gateway().posture().mode() == ServiceMode.FULL);
      stand.world().postgres().kill();
      stand.world().databaseProxy().mode(Mode.REFUSE);
      await("the network is known to work")
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                var status = stand.gateway().posture().dependencies().get("orders-db");
                var verdict = Objects.requireNonNull(status).verdict();
                assertThat(verdict.detail()).isNotEqualTo(Detail.VPC_PATH);
                return verdict.detail() == Detail.SERVER_REFUSING
                    && verdict.evidence().toString().contains("vpc-control answers");
              });
    }
  }
}
