package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** How client connections begin, wait and end. */
final class ConnectionsTest {
  private static final String QUICK = ", header-deadline: 300ms, body-idle: 400ms";

  @Test
  void aClientThatEndsItsSideStillGetsItsAnswers() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("hello"));
        WireClient client = rig.client()) {
      client.send("GET /api/a HTTP/1.1\r\nHost: a\r\n\r\nGET /api/b HTTP/1.1\r\nHost: a\r\n\r\n");
      client.socket.shutdownOutput();
      assertThat(client.answer().text()).isEqualTo("hello");
      assertThat(client.answer().text()).isEqualTo("hello");
      assertThat(client.ended()).isTrue();
      await().until(() -> rig.front.connections() == 0);
      assertThat(rig.ended).containsExactly("api forwarded 200", "api forwarded 200");
    }
  }

  @Test
  void aLargeAnswerReachesAHalfClosedClientWhole() throws IOException {
    String large = "x".repeat(4 << 20);
    try (Rig rig = new Rig(WireBackend.text(large));
        WireClient client = new WireClient(rig.front.port(), 4096)) {
      client.send("GET /api/a HTTP/1.1\r\nHost: a\r\n\r\n");
      client.socket.shutdownOutput();
      assertThat(client.answer().text()).hasSize(large.length());
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void aClientThatLeavesInItsBodyIsToldOnce() throws IOException {
    WireBackend.Script reads =
        (request, in, out) -> {
          in.readAllBytes();
          return false;
        };
    try (Rig rig = new Rig(reads)) {
      try (WireClient client = rig.client()) {
        client.send("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
        await().until(() -> rig.backend.requests.size() == 1);
      }
      await().untilAsserted(() -> assertThat(rig.ended).containsExactly("api client-gone 0"));
    }
  }

  @Test
  void aBadChunkIsToldOnce() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"));
        WireClient client = rig.client()) {
      client.send("POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.ended()).isTrue();
      assertThat(rig.ended).containsExactly("api rejected 400");
    }
  }

  @Test
  void theSameNonsenseBehindARequestWaitsForItsAnswer() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("first"));
        WireClient client = rig.client()) {
      client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n");
      assertThat(client.answer().text()).isEqualTo("first");
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void silentConnectionsEndAtTheHeaderDeadline() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"), QUICK, "", null);
        WireClient silent = rig.client();
        WireClient used = rig.client()) {
      assertThat(silent.ended()).isTrue();
      assertThat(used.ended()).isTrue();
      await().until(() -> rig.front.connections() == 0);
    }
  }

  @Test
  void aPartialHeadBehindAnAnswerHasTheHeaderDeadline() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"), QUICK, "", null);
        WireClient client = rig.client()) {
      client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\nGET /api/y HT");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.answer().status()).isEqualTo(408);
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void aKeptConnectionOutlivesTheHeaderDeadline() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"), QUICK, "", null);
        WireClient client = rig.client()) {
      assertThat(client.get("/api/x").status()).isEqualTo(200);
      Rig.pause(Duration.ofMillis(700));
      assertThat(client.get("/api/x").status()).isEqualTo(200);
    }
  }

  @Test
  void aBodyThatDripsIs408() throws Exception {
    try (Rig rig = new Rig(WireBackend.text("x"), QUICK, "", null);
        WireClient client = rig.client()) {
      client.send("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n");
      Thread drip = new Thread(() -> drip(client), "drip");
      drip.start();
      assertThat(client.answer().status()).isEqualTo(408);
      drip.join();
      await().untilAsserted(() -> assertThat(rig.ended).containsExactly("api rejected 408"));
      assertThat(rig.witnessed).isEmpty();
    }
  }

  private static void drip(WireClient client) {
    try {
      for (int i = 0; i < 100; i++) {
        client.send("x");
        Rig.pause(Duration.ofMillis(50));
      }
    } catch (IOException e) {
      // the gateway has had enough
    }
  }

  @Test
  void aReaderThatTakesNothingIsCut() throws Exception {
    byte[] large = new byte[16 << 20];
    WireBackend.Script script =
        (request, in, out) -> {
          out.write(
              ("HTTP/1.1 200 OK\r\nContent-Length: " + large.length + "\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
          out.write(large);
          return false;
        };
    try (Rig rig = new Rig(script, ", write-deadline: 300ms", "", null);
        WireClient client = new WireClient(rig.front.port(), 4096)) {
      client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
      await().untilAsserted(() -> assertThat(rig.ended).containsExactly("api client-gone 200"));
      await().until(() -> rig.front.connections() == 0);
      await().untilAtomic(rig.backend.closed, org.hamcrest.Matchers.is(1));
      assertThatThrownBy(() -> client.in().readAllBytes())
          .isInstanceOf(SocketException.class)
          .hasMessage("Connection reset");
    }
  }

  @Test
  void theTailOfAnAnswerThatNobodyTakesIsCut() throws Exception {
    String large = "x".repeat(5 << 20);
    try (Rig rig = new Rig(WireBackend.text(large), ", write-deadline: 300ms", "", null);
        WireClient client = new WireClient(rig.front.port(), 4096)) {
      client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> rig.front.connections() == 0);
      Assertions.assertThatThrownBy(client::answer).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anEarlyAnswerBesideALargeBodyReachesTheClientAndBlamesNobody() throws Exception {
    WireBackend.Script early =
        (request, in, out) -> {
          in.readNBytes(10_000);
          out.write(
              WireBackend.answer("413 Content Too Large", "no").getBytes(StandardCharsets.UTF_8));
          out.flush();
          return false;
        };
    byte[] body = new byte[5 << 20];
    try (Rig rig = new Rig(early)) {
      for (int i = 0; i < 10; i++) {
        try (WireClient client = rig.client()) {
          client.send(
              "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n");
          Thread sender = new Thread(() -> sendAll(client, body), "sender");
          sender.start();
          int status = client.head().status();
          assertThat(status).isIn(413, 502);
          sender.join();
        }
      }
      assertThat(rig.ended.stream().filter(e -> e.equals("api forwarded 413")).count())
          .as("answers that arrived, of 10: %s", rig.ended)
          .isGreaterThanOrEqualTo(9);
      assertThat(rig.snapshot.get().posture().mode().label()).isEqualTo("full");
    }
  }

  private static void sendAll(WireClient client, byte[] body) {
    try {
      client.send(body);
    } catch (IOException e) {
      // the answer came first
    }
  }

  private static WireBackend.Script held(CountDownLatch release, String answer) {
    return (request, in, out) -> {
      try {
        assertThat(release.await(5, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      out.write(answer.getBytes(StandardCharsets.UTF_8));
      return true;
    };
  }

  @Test
  void drainingGoesOnToAcceptAndEndsEachConnection() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (Rig rig = new Rig(held(release, WireBackend.answer("200 OK", "late")));
        WireClient idle = rig.client();
        WireClient busy = rig.client()) {
      assertThat(idle.get("/health/live").status()).isEqualTo(200);
      busy.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> rig.backend.requests.size() == 1);
      Thread stop =
          new Thread(() -> rig.front.drain(Duration.ofSeconds(5), Duration.ofMillis(800)), "stop");
      stop.start();
      assertThat(idle.ended()).isTrue();
      WireClient.Answer ready = rig.get("/health/ready");
      assertThat(ready.header("connection")).isEqualTo("close");
      release.countDown();
      WireClient.Answer late = busy.answer();
      assertThat(late.text()).isEqualTo("late");
      assertThat(late.header("connection")).isEqualTo("close");
      stop.join(5000);
      assertThat(stop.isAlive()).isFalse();
      Assertions.assertThatThrownBy(rig::client).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aRequestThatCrossesTheLastAnswerTakesNoneOfIt() throws Exception {
    String large = "x".repeat(60_000);
    CountDownLatch release = new CountDownLatch(1);
    try (Rig rig = new Rig(held(release, WireBackend.answer("200 OK", large)));
        WireClient client = new WireClient(rig.front.port(), 2048)) {
      client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> rig.backend.requests.size() == 1);
      Thread stop =
          new Thread(() -> rig.front.drain(Duration.ofSeconds(5), Duration.ofMillis(800)), "stop");
      stop.start();
      await().until(() -> "close".equals(rig.get("/health/ready").header("connection")));
      release.countDown();
      await().until(() -> rig.ended.contains("api forwarded 200"));
      Rig.pause(Duration.ofMillis(300));
      client.send("GET /api/y HTTP/1.1\r\nHost: a\r\n\r\n");
      Rig.pause(Duration.ofMillis(100));
      assertThat(client.answer().text()).hasSize(large.length());
      assertThat(client.in().read()).as("an end, no reset").isEqualTo(-1);
      stop.join(5000);
      assertThat(rig.backend.requests).hasSize(1);
    }
  }

  @Test
  void aCutHeadIsNoAnswer() throws IOException {
    try (Rig rig = new Rig(WireBackend.raw("HTTP/1.1 200 OK\r\nContent-Le", false))) {
      WireClient.Answer answer = rig.get("/api/x");
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.text()).contains("before its answer was complete");
    } catch (EOFException e) {
      throw new AssertionError("the client saw the cut", e);
    }
  }
}
