package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.filter.LimitListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("counts the direct memory of the whole process")
class MemoryGuardTest {
  private static final int LARGE = 24 << 20;
  private static final int CLOUD = 200;

  /** What one exchange may hold in the direction that is stuck. */
  private static final long EACH = 192 << 10;

  private static final LimitListener NOBODY =
      new LimitListener() {
        @Override
        public void sheddingBegan(String backendId, int limit) {}

        @Override
        public void sheddingEnded(String backendId, long refused) {}
      };

  @Test
  void refusesAboveItsLimitUntilAnEighthIsFreeAgain() {
    AtomicLong used = new AtomicLong();
    MemoryGuard guard = new MemoryGuard(800, used::get);
    long[] bytes = {800, 801, 750, 701, 700, 750, 800, 801};
    List<Boolean> over = new ArrayList<>();
    for (long now : bytes) {
      used.set(now);
      guard.look();
      over.add(guard.over());
    }
    assertThat(over).containsExactly(false, true, true, true, false, false, false, true);
  }

  /** Hundreds that read nothing of a large answer, and as many whose upload nobody takes. */
  @Test
  void aCloudOfSlowClientsStaysUnderTheLimitAndHealthIsAnswered() throws Exception {
    ScheduledExecutorService ticking = Executors.newSingleThreadScheduledExecutor();
    List<WireClient> cloud = new ArrayList<>();
    AtomicLong peak = new AtomicLong();
    // Other tests of this run have left something in the pool; it must not count.
    long before = Buffers.direct();
    long limit = before * 8 / 7 / (1 << 20) + 8;
    String listen = ", threads: 2, max-memory: " + limit + "MiB";
    try (Rig rig =
        new Rig(
            MemoryGuardTest::large,
            listen,
            ", concurrency: { adaptive: false, max: 10000 }",
            null)) {
      MemoryGuard memory = rig.front.overload().memory();
      ticking.scheduleAtFixedRate(
          () -> {
            rig.front.overload().tick(false, NOBODY);
            peak.accumulateAndGet(memory.used(), Math::max);
          },
          10,
          100,
          TimeUnit.MILLISECONDS);
      for (int i = 0; i < CLOUD; i++) {
        cloud.add(i % 2 == 0 ? reader(rig) : writer(rig));
      }
      await().atMost(Duration.ofSeconds(30)).until(memory::over);
      for (int i = 0; i < 20; i++) {
        assertThat(rig.get("/health/ready").status()).isEqualTo(200);
        WireClient.Answer refused = rig.get("/api/small");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isIn("1", "2", "3");
        Rig.pause(Duration.ofMillis(50));
      }
      assertThat(peak.get()).isLessThan(before + CLOUD * EACH);
      for (WireClient client : cloud) {
        client.kill();
      }
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> !memory.over() && rig.limit().inFlight() == 0);
      assertThat(rig.get("/api/small").status()).isEqualTo(200);
    } finally {
      ticking.shutdownNow();
    }
  }

  private static WireClient reader(Rig rig) throws IOException {
    WireClient client = new WireClient(rig.front.port(), 4096);
    return client.send("GET /api/large HTTP/1.1\r\nHost: shop\r\n\r\n");
  }

  private static WireClient writer(Rig rig) throws IOException {
    WireClient client = rig.client();
    client.send("POST /api/stuck HTTP/1.1\r\nHost: shop\r\nContent-Length: " + LARGE + "\r\n\r\n");
    Thread sending = new Thread(() -> pour(client));
    sending.setDaemon(true);
    sending.start();
    return client;
  }

  private static void pour(WireClient client) {
    try {
      write(client.socket.getOutputStream(), LARGE);
    } catch (IOException e) {
      // ended by the test
    }
  }

  private static boolean large(WireBackend.Request request, InputStream in, OutputStream out)
      throws IOException {
    if (request.line().contains("stuck")) {
      Rig.pause(Duration.ofSeconds(8));
      return false;
    }
    int length = request.line().contains("large") ? LARGE : 5;
    out.write(
        ("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    write(out, length);
    return true;
  }

  private static void write(OutputStream out, int length) throws IOException {
    byte[] piece = new byte[Math.min(length, 1 << 16)];
    for (int left = length; left > 0; left -= piece.length) {
      out.write(piece, 0, Math.min(left, piece.length));
    }
  }
}
