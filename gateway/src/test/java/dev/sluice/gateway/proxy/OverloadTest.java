package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.filter.LimitListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A backend that works well on eight requests at once and the worse the more it has beyond, before
 * a crowd of 64 clients: with the limit and without it.
 */
@Isolated("measures latencies")
class OverloadTest {
  private static final int CAPACITY = 8;
  private static final int CROWD = 64;
  private static final LimitListener NOBODY =
      new LimitListener() {
        @Override
        public void sheddingBegan(String backendId, int limit) {}

        @Override
        public void sheddingEnded(String backendId, long refused) {}
      };

  private final AtomicInteger active = new AtomicInteger();

  /**
   * @param good answers of the backend in the time measured
   * @param worst the 99th percentile of their latency, in milliseconds
   */
  private record Measured(int good, long worst, int limit) {}

  @Test
  void theLimitSettlesNearWhatTheBackendTakesAndServesMoreAndSooner() throws Exception {
    Measured without = run("adaptive: false, min: 1, max: 1000");
    Measured with = run("min: 4, max: 1000");
    assertThat(with.limit).as("%s", with).isBetween(CAPACITY / 2, 4 * CAPACITY);
    assertThat(with.good).as("%s, without %s", with, without).isGreaterThan(2 * without.good);
    assertThat(with.worst).as("%s, without %s", with, without).isLessThan(without.worst);
  }

  private Measured run(String concurrency) throws Exception {
    ScheduledExecutorService ticking = Executors.newSingleThreadScheduledExecutor();
    AtomicBoolean measuring = new AtomicBoolean();
    AtomicBoolean over = new AtomicBoolean();
    ConcurrentLinkedQueue<Long> good = new ConcurrentLinkedQueue<>();
    List<Thread> crowd = new ArrayList<>();
    try (Rig rig = new Rig(this::work, ", threads: 2", settings(concurrency), null)) {
      ticking.scheduleAtFixedRate(
          () -> rig.front.overload().tick(false, NOBODY), 100, 100, TimeUnit.MILLISECONDS);
      for (int i = 0; i < CROWD; i++) {
        if (i == CAPACITY / 2) {
          Rig.pause(Duration.ofMillis(1500));
        }
        Thread client = new Thread(() -> ask(rig, measuring, over, good));
        crowd.add(client);
        client.start();
      }
      Rig.pause(Duration.ofMillis(2500));
      measuring.set(true);
      Rig.pause(Duration.ofSeconds(3));
      measuring.set(false);
      int limit = rig.limit().limit();
      over.set(true);
      for (Thread client : crowd) {
        client.join(20_000);
      }
      List<Long> sorted = good.stream().sorted().toList();
      return new Measured(sorted.size(), sorted.get(sorted.size() * 99 / 100), limit);
    } finally {
      ticking.shutdownNow();
    }
  }

  private static String settings(String concurrency) {
    return ", concurrency: { " + concurrency + ", max-waiting: 1000, max-wait: 2s }";
  }

  private boolean work(WireBackend.Request request, InputStream in, OutputStream out)
      throws IOException {
    double load = (double) active.incrementAndGet() / CAPACITY;
    Rig.pause(Duration.ofNanos((long) (20_000_000 * Math.max(1, load * load))));
    active.decrementAndGet();
    out.write(WireBackend.answer("200 OK", "done").getBytes(StandardCharsets.ISO_8859_1));
    return true;
  }

  private static void ask(
      Rig rig, AtomicBoolean measuring, AtomicBoolean over, ConcurrentLinkedQueue<Long> good) {
    try (WireClient client = rig.client()) {
      while (!over.get()) {
        long begun = System.nanoTime();
        int status = client.get("/api/work").status();
        if (status == 200 && measuring.get()) {
          good.add((System.nanoTime() - begun) / 1_000_000);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
