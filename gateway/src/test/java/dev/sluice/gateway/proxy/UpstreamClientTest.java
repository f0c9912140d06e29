package dev.sluice.gateway.proxy;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Backend;
import dev.sluice.gateway.proxy.UpstreamClient.Result;
import dev.sluice.gateway.route.Rewriting;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UpstreamClientTest {
  private static final int BODY = 1 << 20;

  private final CountDownLatch reading = new CountDownLatch(1);
  private final AtomicLong arrived = new AtomicLong(-1);

  /** Answers GETs; reads another request's body only when it is told to, and counts it. */
  private boolean slow(WireBackend.Request request, InputStream in, OutputStream out)
      throws IOException {
    if (request.line().startsWith("GET")) {
      return WireBackend.text("here").answer(request, in, out);
    }
    long read = 0;
    try {
      reading.await(20, SECONDS);
      byte[] piece = new byte[65536];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        read += n;
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      arrived.set(read);
    }
    return false;
  }

  private static CompletableFuture<Result> put(Rig rig, Duration deadline) {
    Backend backend = rig.configuration.backend("orders").orElseThrow();
    return rig.front
        .upstreams()
        .exchange(
            backend, Rewriting.NONE, "PUT", "/a", "shop", List.of(), new byte[BODY], deadline);
  }

  /** The one event loop has done what it was given before. */
  private static void settled(Rig rig) throws IOException {
    assertThat(rig.get("/api/x").text()).isEqualTo("here");
  }

  private void nothingMoreArrives() {
    reading.countDown();
    await().until(() -> arrived.get() >= 0);
    assertThat(arrived).hasValueLessThan(BODY);
  }

  @Test
  void aCancelledExchangeSendsNothingMore() throws IOException {
    try (Rig rig = new Rig(this::slow)) {
      CompletableFuture<Result> result = put(rig, Duration.ofMinutes(5));
      await().until(() -> rig.backend.requests.size() == 1);
      assertThat(result.cancel(false)).isTrue();
      settled(rig);
      nothingMoreArrives();
    }
  }

  @Test
  void anExchangeOutOfTimeSendsNothingMore() throws IOException {
    try (Rig rig = new Rig(this::slow)) {
      CompletableFuture<Result> result = put(rig, Duration.ofMillis(300));
      assertThat(result.orTimeout(10, SECONDS).join()).isInstanceOf(Result.Ambiguous.class);
      nothingMoreArrives();
    }
  }

  @Test
  void anAnswerThatIsTooLongIsMarkedAsCut() throws IOException {
    String tooLong = "x".repeat(UpstreamClient.MAX_ANSWER + 1);
    try (Rig rig = new Rig(WireBackend.text(tooLong))) {
      Result.Answered answered =
          (Result.Answered) put(rig, Duration.ofMinutes(5)).orTimeout(10, SECONDS).join();
      assertThat(answered.answer().body()).hasSize(UpstreamClient.MAX_ANSWER);
      assertThat(answered.answer().whole()).isFalse();
    }
  }
}
