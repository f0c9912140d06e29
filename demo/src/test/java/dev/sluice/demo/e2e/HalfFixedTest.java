package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.fault.NameServer;
import dev.sluice.demo.tour.Caller.Answer;
import dev.sluice.probes.mode.BreakerState;
import dev.sluice.probes.verdict.Detail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Systems that look fixed and are not, each told from a fixed one time after time. */
@Tag("ops")
@Timeout(300)
@ResourceLock(value = Contended.PROCESSOR, mode = ResourceAccessMode.READ)
class HalfFixedTest {
  private static ValidatedStand validated;

  @BeforeAll
  static void start() {
    validated = ValidatedStand.start();
  }

  @AfterAll
  static void stop() throws IOException {
    validated.close();
  }

  @Test
  void aPoolThatLeaks() throws IOException {
    validated.well();
    validated.stand.world().backend().leak();
    try {
      await("it shows")
          .atMost(ValidatedStand.PATIENCE)
          .until(() -> !validated.caller.get("/health/orders").body().contains("\"pass\""));
      validated.isNotFixed(validated.stand.routes(), "failed +(ladder|health) +orders: ");
    } finally {
      validated.stand.world().restartBackend();
    }
    validated.well();
  }

  @Test
  void oneOfTwoAddressesIsDead(@TempDir Path folder) throws IOException {
    validated.well();
    try (NameServer names = NameServer.start()) {
      names.addresses("127.0.0.1", "127.0.0.77");
      String text =
          Files.readString(validated.stand.routes())
              .replace(
                  "@127.0.0.1:" + validated.port.port() + "/",
                  "@orders-db.internal:" + validated.port.port() + "/");
      Path routes =
          Files.writeString(
              folder.resolve("routes.yaml"),
              text + "resolver: { servers: [\"127.0.0.1:" + names.port() + "\"] }\n");
      validated.isNotFixed(routes, "failed +ladder +orders-db: .*127\\.0\\.0\\.77");
    }
  }

  @Test
  void heldWritesThatDoNotMove() throws IOException {
    validated.well();
    validated.stand.world().databaseProxy().mode(Mode.REFUSE);
    await("open")
        .atMost(ValidatedStand.PATIENCE)
        .until(() -> validated.database().breaker() == BreakerState.OPEN);
    Answer held =
        validated.caller.write(
            "POST", "/api/orders", "{\"item\":\"tea\",\"quantity\":1}", Optional.empty());
    assertThat(held.status()).isEqualTo(202);
    validated.stand.world().backend().buggy(true);
    validated.stand.world().databaseProxy().mode(Mode.PASS);
    try {
      await("the way is well")
          .atMost(ValidatedStand.PATIENCE)
          .until(() -> validated.database().verdict().detail() == Detail.HEALTHY);
      validated.isNotFixed(
          validated.stand.routes(), "failed +replay +gateway: 1 held writes wait, and none moves");
    } finally {
      validated.stand.world().backend().buggy(false);
    }
    await("it is released")
        .atMost(ValidatedStand.PATIENCE)
        .until(
            () ->
                Stream.of("queued", "in-flight", "retry-wait")
                    .allMatch(
                        state ->
                            validated.admin.get("/queue").body().contains('"' + state + "\":0")));
    validated.well();
  }
}
