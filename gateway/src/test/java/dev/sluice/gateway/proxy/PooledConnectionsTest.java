package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which connections to a backend are kept, for how long, and that none is kept broken. */
final class PooledConnectionsTest {
  private static final String CLOSING =
      "GET /api/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  private static String at(WireBackend backend, String more) {
    return "url: \"http://127.0.0.1:%d\"%s".formatted(backend.port(), more);
  }

  @Test
  void clientsKilledAtEveryByteLeaveEveryPooledConnectionWhole() throws IOException {
    String body = "x".repeat(60);
    try (WireBackend backend = new WireBackend(WireBackend.text(body));
        UpstreamRig rig = new UpstreamRig(at(backend, ""));
        WireClient steady = rig.client()) {
      int length;
      try (WireClient client = rig.client()) {
        length = client.send(CLOSING).in().readAllBytes().length;
      }
      assertThat(length).isGreaterThan(body.length());
      for (int i = 0; i <= length; i++) {
        try (WireClient client = rig.client()) {
          client.send(CLOSING);
          client.in().readNBytes(i);
          client.kill();
        }
        assertThat(steady.get("/api/x").text()).as("after byte %d", i).isEqualTo(body);
      }
      await().until(() -> rig.figures().open() == rig.figures().idle());
      while (rig.figures().idle() > 0) {
        backend.script(
            (request, in, out) -> {
              out.write(closing("last").getBytes(StandardCharsets.US_ASCII));
              return false;
            });
        assertThat(steady.get("/api/x").text()).isEqualTo("last");
      }
      assertThat(rig.faults).isEmpty();
    }
  }

  private static String closing(String text) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
        + text.length()
        + "\r\n\r\n"
        + text;
  }

  @Test
  void clientsKilledWhileTheBackendIsHeldBackLeaveThePoolWhole() throws Exception {
    String large = "x".repeat(8 << 20);
    try (WireBackend backend = new WireBackend(WireBackend.text(large));
        UpstreamRig rig = new UpstreamRig(at(backend, ""))) {
      for (int i = 0; i < 5; i++) {
        try (WireClient client = new WireClient(rig.front.port(), 4096)) {
          client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
          assertThat(client.in().readNBytes(1000 * (i + 1))).isNotEmpty();
          client.kill();
        }
        assertThat(rig.get().text()).hasSize(large.length());
      }
      await().until(() -> rig.figures().open() == rig.figures().idle());
    }
  }

  @Test
  void aConnectionPastItsLifetimeIsNotUsed() throws IOException {
    try (WireBackend backend = new WireBackend(WireBackend.text("x"));
        UpstreamRig rig = new UpstreamRig(at(backend, ", pool-lifetime: 60s, pool-idle: 10m"));
        WireClient client = rig.client()) {
      for (int second = 0; second < 48; second += 8) {
        assertThat(client.get("/api/x").status()).isEqualTo(200);
        rig.ahead(Duration.ofSeconds(8));
      }
      assertThat(backend.connections).hasValue(1);
      rig.ahead(Duration.ofSeconds(12));
      assertThat(client.get("/api/x").status()).isEqualTo(200);
      assertThat(backend.connections).hasValue(2);
      await().untilAtomic(backend.closed, org.hamcrest.Matchers.is(1));
    }
  }

  @Test
  void anIdleConnectionIsNotUsedPastItsTime() throws IOException {
    try (WireBackend backend = new WireBackend(WireBackend.text("x"));
        UpstreamRig rig = new UpstreamRig(at(backend, ", pool-idle: 10m, pool-lifetime: 1h"));
        WireClient client = rig.client()) {
      assertThat(client.get("/api/x").status()).isEqualTo(200);
      rig.ahead(Duration.ofSeconds(599));
      assertThat(client.get("/api/x").status()).isEqualTo(200);
      assertThat(backend.connections).hasValue(1);
      rig.ahead(Duration.ofMinutes(10));
      assertThat(client.get("/api/x").status()).isEqualTo(200);
      assertThat(backend.connections).hasValue(2);
    }
  }

  @Test
  void idleConnectionsAreClosedInTheBackground() throws IOException {
    try (WireBackend backend = new WireBackend(WireBackend.text("x"));
        UpstreamRig rig = new UpstreamRig(at(backend, ", pool-idle: 200ms"))) {
      assertThat(rig.get().status()).isEqualTo(200);
      await().untilAtomic(backend.closed, org.hamcrest.Matchers.is(1));
      await().until(() -> rig.figures().open() == 0 && rig.figures().idle() == 0);
    }
  }

  @Test
  void theBackendsOwnWordShortensTheIdleTime() throws IOException {
    WireBackend.Script says =
        WireBackend.raw(
            "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=9\r\nContent-Length: 0\r\n\r\n", true);
    try (WireBackend backend = new WireBackend(says);
        UpstreamRig rig = new UpstreamRig(at(backend, ", pool-idle: 10m"));
        WireClient client = rig.client()) {
      assertThat(client.get("/api/x").header("keep-alive")).isNull();
      rig.ahead(Duration.ofMillis(3500));
      assertThat(client.get("/api/x").status()).isEqualTo(200);
      assertThat(backend.connections).hasValue(1);
      rig.ahead(Duration.ofSeconds(4));
      assertThat(client.get("/api/x").status()).isEqualTo(200);
      assertThat(backend.connections).hasValue(2);
    }
  }

  @Test
  void noMoreThanThePoolHoldsStayIdle() throws Exception {
    CountDownLatch all = new CountDownLatch(3);
    WireBackend.Script together =
        (request, in, out) -> {
          all.countDown();
          try {
            assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return WireBackend.text("x").answer(request, in, out);
        };
    try (WireBackend backend = new WireBackend(together);
        UpstreamRig rig = new UpstreamRig(at(backend, ", pool-size: 2, pool-idle: 10m"));
        WireClient one = rig.client();
        WireClient two = rig.client();
        WireClient three = rig.client()) {
      for (WireClient each : new WireClient[] {one, two, three}) {
        each.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      for (WireClient each : new WireClient[] {one, two, three}) {
        assertThat(each.answer().status()).isEqualTo(200);
      }
      await().until(() -> rig.figures().open() == 2 && rig.figures().idle() == 2);
      assertThat(rig.figures().connects()).isEqualTo(3);
    }
  }

  @Test
  void theBackendsIdleCloseCostsNoRead() throws Exception {
    try (WireBackend backend = new WireBackend(WireBackend.text("x"));
        UpstreamRig rig = new UpstreamRig(at(backend, ", pool-idle: 10m"));
        WireClient client = rig.client()) {
      for (int i = 0; i < 100; i++) {
        assertThat(client.get("/api/x").status()).isEqualTo(200);
        Thread closing = new Thread(() -> cut(backend), "closing");
        closing.start();
        assertThat(client.get("/api/x").status()).as("race %d", i).isEqualTo(200);
        closing.join();
      }
      assertThat(rig.witnessed).containsOnly("200");
      await().until(() -> rig.figures().open() == rig.figures().idle());
    }
  }

  private static void cut(WireBackend backend) {
    try {
      backend.cut();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void anAnswerThatAResetCutsIsNotComplete() throws IOException {
    WireBackend.Script endless =
        WireBackend.raw("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1000), false);
    try (WireBackend backend = new WireBackend(endless);
        UpstreamRig rig = new UpstreamRig(at(backend, ""))) {
      assertThat(rig.get().text()).hasSize(1000);
      backend.resets();
      backend.script(
          (request, in, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            await().until(() -> rig.witnessed.size() == 2);
            return false;
          });
      try (WireClient client = rig.client()) {
        client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
        WireClient.Answer head = client.head();
        assertThat(head.header("transfer-encoding")).isEqualTo("chunked");
        org.assertj.core.api.Assertions.assertThatThrownBy(
                () -> Wire.body(null, "chunked", client.in()))
            .isInstanceOf(IOException.class);
      }
    }
  }
}
