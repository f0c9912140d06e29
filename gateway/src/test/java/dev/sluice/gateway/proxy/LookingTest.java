package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.probes.mode.BreakerState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Health requests that wait for the probes that they began. */
@Timeout(30)
class LookingTest {
  private final CompletableFuture<Void> look = new CompletableFuture<>();
  private Rig rig;

  @BeforeEach
  void start() throws IOException {
    rig = new Rig(WireBackend.text("fresh"));
    rig.looks.set(look);
  }

  @AfterEach
  void stop() throws IOException {
    rig.close();
  }

  @Test
  void itIsAnsweredByWhatTheProbesFound() throws IOException {
    try (WireClient client = rig.client()) {
      client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
      Rig.pause(Duration.ofMillis(200));
      assertThat(rig.ended).isEmpty();
      rig.database(BreakerState.OPEN);
      look.complete(null);
      assertThat(client.answer().text()).isEqualTo("db-degraded");
      assertThat(client.get("/health/ready").text()).as("the next one").isEqualTo("READY");
    }
    assertThat(rig.ended).containsExactly("orders-health health 200", "health health 200");
  }

  @Test
  void whoAsksTogetherIsAnsweredInOrder() throws IOException {
    try (WireClient client = rig.client()) {
      for (String path : List.of("/health/ready", "/api/x")) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      Rig.pause(Duration.ofMillis(100));
      look.complete(null);
      assertThat(client.answer().text()).isEqualTo("READY");
      assertThat(client.answer().text()).isEqualTo("fresh");
    }
  }

  /** The configuration says nothing of it: 800 ms. */
  @Test
  void itWaitsForABoundedTime() throws IOException {
    long begun = System.nanoTime();
    assertThat(rig.get("/health/ready").text()).isEqualTo("READY");
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertThat(took).isBetween(Duration.ofMillis(790), Duration.ofSeconds(5));
  }

  @Test
  void aClientThatLeavesIsToldOfOnce() throws IOException {
    try (WireClient client = rig.client()) {
      client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
      Rig.pause(Duration.ofMillis(100));
      client.kill();
    }
    await().until(() -> !rig.ended.isEmpty());
    look.complete(null);
    assertThat(rig.get("/health/ready").status()).isEqualTo(200);
    assertThat(rig.ended).containsExactly("orders-health client-gone 0", "health health 200");
  }

  @Test
  void whatIsNotForwardedIsATimeToLook() throws IOException {
    rig.looks.set(null);
    assertThat(rig.get("/api/x").text()).isEqualTo("fresh");
    assertThat(rig.kept).hasValue(0);
    rig.database(BreakerState.OPEN);
    assertThat(rig.get("/api/x").status()).isEqualTo(503);
    assertThat(rig.kept).hasValue(1);
  }
}
