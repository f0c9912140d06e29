package dev.sluice.gateway.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Configuration;
import dev.sluice.config.Store;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.gateway.app.Gateway;
import dev.sluice.gateway.health.Postures;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of {@code queue} at a running gateway. */
class HeldAtGatewayTest {
  private static final String TOKEN = "the-token-of-the-admin";

  @TempDir Path folder;
  private Gateway gateway;
  private String id;

  @BeforeEach
  void start() throws IOException {
    Configuration configuration =
        Postures.configuration(
            """
            environment: demo
            listen: { port: 0, host: 127.0.0.1, threads: 1 }
            admin: { port: 0, token: "%s" }
            store: { url: "sqlite:%s", accept-volatile: true }
            """
                .formatted(TOKEN, folder.resolve("sluice.db")));
    Store store = configuration.store();
    try (SqliteStore held = SqliteStore.open(store, InstantSource.system())) {
      id =
          held.accept(
                  new NewWrite(
                      "gone",
                      "PUT",
                      "/orders/7",
                      "shop",
                      List.of(),
                      new byte[] {1},
                      "/orders/7",
                      null,
                      "f",
                      "p",
                      Duration.ofHours(1)))
              .orTimeout(10, SECONDS)
              .join()
              .id();
    }
    gateway = Gateway.start(configuration);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private HeldAtGateway held(String token) {
    return new HeldAtGateway(
        new AdminPort(URI.create("http://127.0.0.1:" + gateway.adminPort()), token));
  }

  @Test
  void everyVerbIsThere() {
    try (HeldAtGateway held = held(TOKEN)) {
      assertThat(held.counts()).containsEntry("QUEUED", 1L).containsEntry("DEAD", 0L);
      assertThat(held.list(10)).extracting(Shown::id).containsExactly(id);
      Shown one = held.find(id).orElseThrow();
      assertThat(one.line()).startsWith(id + "  QUEUED  PUT /orders/7  ");
      assertThat(held.find("0".repeat(32))).isEmpty();
      assertThat(held.verify()).isNull();
      assertThat(held.retry(id)).as("it still waits").isFalse();
      assertThat(held.discard(id)).isTrue();
      assertThat(held.discard(id)).isFalse();
      assertThat(held.find(id).orElseThrow().state()).isEqualTo("CANCELLED");
      assertThatThrownBy(held::rekey).hasMessageContaining("leave --admin out");
    }
  }

  @Test
  void aWrongTokenAndAClosedPortAreToldApart() {
    try (HeldAtGateway held = held("another-token-altogether")) {
      assertThat(held.counts()).containsEntry("QUEUED", 1L);
      assertThatThrownBy(() -> held.discard(id))
          .isInstanceOf(Held.Unreachable.class)
          .hasMessageContaining("SLUICE_ADMIN_TOKEN");
    }
    try (HeldAtGateway nobody =
        new HeldAtGateway(new AdminPort(URI.create("http://127.0.0.1:1"), null))) {
      assertThatThrownBy(nobody::counts).hasMessageContaining("no gateway answers");
    }
  }
}
