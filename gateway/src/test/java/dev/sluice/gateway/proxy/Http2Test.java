package dev.sluice.gateway.proxy;

import static dev.sluice.gateway.proxy.FrameClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.proxy.FrameClient.Answer;
import dev.sluice.gateway.proxy.FrameClient.Frame;
import dev.sluice.probes.mode.BreakerState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that speak HTTP/2 without TLS: what passes, and as fast as the other side takes it. */
final class Http2Test {
  private static final WireBackend.Script ECHO =
      (request, in, out) -> {
        byte[] body = WireBackend.body(request, in);
        say(out, request.line() + " " + body.length + " " + request.header("x-tag"));
        return true;
      };

  private static void say(OutputStream out, String text) throws IOException {
    raw(out, WireBackend.answer("200 OK", text));
  }

  private static void raw(OutputStream out, String bytes) throws IOException {
    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aRequestAndItsAnswerPass() throws IOException {
    try (Rig rig = new Rig(ECHO);
        FrameClient client = new FrameClient(rig.front.port())) {
      Answer answer = client.get(1, "/api/a?b=c", "x-tag", "t").answer(1);
      assertThat(answer.status()).isEqualTo("200");
      assertThat(answer.body()).isEqualTo("GET /api/a?b=c HTTP/1.1 0 t");
      assertThat(answer.headers())
          .anyMatch(line -> line.startsWith("x-request-id: "))
          .noneMatch(line -> line.startsWith("connection:") || line.startsWith("transfer-"));
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(seen.header("host")).isEqualTo("shop.example");
      assertThat(seen.header("x-forwarded-proto")).isEqualTo("http");
      assertThat(seen.header("transfer-encoding")).isNull();
      assertThat(rig.ended).containsExactly("api forwarded 200");
    }
  }

  @Test
  void bodiesPassWithAndWithoutALength() throws IOException {
    try (Rig rig = new Rig(ECHO);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.head(1, false, request("POST", "/api/a", "content-length", "6"));
      client.data(1, false, "abc").data(1, true, "def");
      assertThat(client.answer(1).body()).startsWith("POST /api/a HTTP/1.1 6");
      client.head(3, false, request("POST", "/api/b"));
      client.data(3, false, "abcd").data(3, true, "");
      assertThat(client.answer(3).body()).startsWith("POST /api/b HTTP/1.1 4");
      assertThat(rig.backend.requests.get(1).header("transfer-encoding")).isEqualTo("chunked");
    }
  }

  @Test
  void manyStreamsEachHaveTheirOwnAnswer() throws IOException {
    try (Rig rig = new Rig(ECHO);
        FrameClient client = new FrameClient(rig.front.port())) {
      for (int i = 0; i < 100; i++) {
        client.get(1 + 2 * i, "/api/" + i, "x-tag", "tag" + i);
      }
      Map<Integer, StringBuilder> bodies = new HashMap<>();
      for (int open = 100; open > 0; ) {
        Frame frame = client.next();
        if (frame.type() == FrameClient.DATA) {
          bodies
              .computeIfAbsent(frame.stream(), any -> new StringBuilder())
              .append(new String(frame.payload(), StandardCharsets.UTF_8));
        }
        open -= frame.ends() && frame.type() <= FrameClient.HEADERS ? 1 : 0;
      }
      for (int i = 0; i < 100; i++) {
        assertThat(bodies.get(1 + 2 * i).toString())
            .isEqualTo("GET /api/" + i + " HTTP/1.1 0 tag" + i);
      }
    }
  }

  @Test
  void answersWithoutABodyAreOneFrame() throws IOException {
    WireBackend.Script script =
        (request, in, out) -> {
          boolean head = request.line().startsWith("HEAD");
          raw(
              out,
              head
                  ? "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"
                  : "HTTP/1.1 204 Nothing\r\n\r\n");
          return true;
        };
    try (Rig rig = new Rig(script);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.head(1, true, request("HEAD", "/api/a"));
      Frame head = client.next(FrameClient.HEADERS);
      assertThat(head.ends()).isTrue();
      client.get(3, "/api/b");
      assertThat(client.next(FrameClient.HEADERS).ends()).isTrue();
    }
  }

  @Test
  void trailersPassBothWays() throws IOException {
    CompletableFuture<String> came = new CompletableFuture<>();
    WireBackend.Script script =
        (request, in, out) -> {
          came.complete(Wire.head(in)); // the chunks and the trailers, up to the empty line
          raw(
              out,
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  .concat("2\r\nok\r\n0\r\nx-sum: 9\r\n\r\n"));
          return true;
        };
    try (Rig rig = new Rig(script);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.head(1, false, request("POST", "/api/a"));
      client.data(1, false, "abc").head(1, true, "x-checksum", "7");
      Answer answer = client.answer(1);
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(answer.trailers()).containsExactly("x-sum: 9");
      assertThat(came.join()).isEqualTo("3\r\nabc\r\n0\r\nx-checksum: 7");
    }
  }

  @Test
  void anAnswerThatComesBeforeTheRequestHasEndedArrivesWhole() throws IOException {
    String large = "x".repeat(300_000);
    WireBackend.Script early =
        (request, in, out) -> {
          say(out, large);
          return true;
        };
    try (Rig rig = new Rig(early);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.head(1, false, request("POST", "/api/a")).data(1, false, "a part of it");
      Answer answer = client.answer(1);
      assertThat(answer.fault()).isEmpty();
      assertThat(answer.body()).isEqualTo(large);
      Frame reset = client.next(FrameClient.RST_STREAM);
      assertThat(reset.code()).as("NO_ERROR").isZero();
      assertThat(client.get(3, "/api/b").answer(3).body()).isEqualTo(large);
    }
  }

  @Test
  void cookiesAreOneFieldAgain() throws IOException {
    try (Rig rig = new Rig(ECHO);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.get(1, "/api/a", "cookie", "a=1", "cookie", "b=2").answer(1);
      assertThat(rig.backend.requests.get(0).header("cookie")).isEqualTo("a=1; b=2");
    }
  }

  @Test
  void aLargeAnswerWaitsForWindowsAndOthersDoNot() throws IOException {
    String large = "x".repeat(2 << 20);
    WireBackend.Script script =
        (request, in, out) -> {
          say(out, request.line().contains("large") ? large : "small");
          return true;
        };
    try (Rig rig = new Rig(script);
        FrameClient client = new FrameClient(rig.front.port()).grantsNothing()) {
      client.get(1, "/api/large");
      int came = 0;
      while (came < 65_535) {
        came += client.next(FrameClient.DATA).payload().length;
      }
      assertThat(came).isEqualTo(65_535);
      client.window(0, 1 << 20).get(3, "/api/small");
      assertThat(client.answer(3).body()).isEqualTo("small");
      client.window(1, 3 << 20).window(0, 3 << 20);
      while (came < large.length()) {
        came += client.next(FrameClient.DATA).payload().length;
      }
      assertThat(came).isEqualTo(large.length());
    }
  }

  @Test
  void whoTakesNothingIsCutOffAndItsConnectionGoesOn() throws IOException {
    String large = "x".repeat(2 << 20);
    WireBackend.Script script =
        (request, in, out) -> {
          say(out, request.line().contains("large") ? large : "small");
          return true;
        };
    try (Rig rig = new Rig(script, ", write-deadline: 300ms", "", null);
        FrameClient client = new FrameClient(rig.front.port()).grantsNothing()) {
      client.get(1, "/api/large");
      assertThat(client.next(FrameClient.RST_STREAM).stream()).isEqualTo(1);
      client.window(0, 1 << 20).get(3, "/api/small");
      assertThat(client.answer(3).body()).isEqualTo("small");
      await().until(() -> rig.backend.closed.get() == 1);
    }
  }

  @Test
  void aBodyIsReadAsFastAsTheBackendTakesIt() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    WireBackend.Script script =
        (request, in, out) -> {
          try {
            read.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          say(out, WireBackend.body(request, in).length + " bytes");
          return true;
        };
    try (Rig rig = new Rig(script);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.head(1, false, request("POST", "/api/a"));
      String piece = "x".repeat(16_000);
      client.data(1, false, piece).data(1, false, piece).data(1, false, piece).data(1, true, piece);
      Rig.pause(Duration.ofMillis(200));
      read.countDown();
      assertThat(client.answer(1).body()).isEqualTo("64000 bytes");
    }
  }

  @Test
  void aResetEndsTheExchangeAtTheBackend() throws IOException {
    CompletableFuture<Boolean> asked = new CompletableFuture<>();
    WireBackend.Script script =
        (request, in, out) -> {
          asked.complete(true);
          return in.read() >= 0; // until the gateway lets go
        };
    try (Rig rig = new Rig(script);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.get(1, "/api/a");
      asked.join();
      client.send(FrameClient.RST_STREAM, 0, 1, 0, 0, 0, 8);
      await().until(() -> rig.backend.closed.get() == 1);
      await().until(() -> rig.ended.contains("api client-gone 0"));
      rig.backend.script(ECHO);
      assertThat(client.get(3, "/api/b").answer(3).status()).isEqualTo("200");
    }
  }

  @Test
  void whoeverWaitsWithABodyIsToldToGoOn() throws IOException {
    WireBackend.Script script =
        (request, in, out) -> {
          raw(out, "HTTP/1.1 100 Continue\r\n\r\n");
          out.flush();
          return ECHO.answer(request, in, out);
        };
    try (Rig rig = new Rig(script);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.head(
          1, false, request("POST", "/api/a", "expect", "100-continue", "content-length", "3"));
      Frame first = client.next(FrameClient.HEADERS);
      assertThat(first.ends()).isFalse();
      client.data(1, true, "abc");
      assertThat(client.answer(1).body()).startsWith("POST /api/a HTTP/1.1 3");
    }
  }

  @Test
  void copiesAndProblemsAreAnsweredAsOverHttp1() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("fresh"));
        FrameClient client = new FrameClient(rig.front.port())) {
      assertThat(client.get(1, "/api/orders/1").answer(1).body()).isEqualTo("fresh");
      rig.database(BreakerState.OPEN);
      Answer copy = client.get(3, "/api/orders/1").answer(3);
      assertThat(copy.status()).isEqualTo("200");
      assertThat(copy.body()).isEqualTo("fresh");
      assertThat(copy.header("sluice-mode")).isEqualTo("db-degraded");
      assertThat(copy.header("age")).isNotNull();
      Answer head = client.head(5, true, request("HEAD", "/api/orders/1")).answer(5);
      assertThat(head.body()).isEmpty();
      assertThat(head.header("content-length")).isEqualTo("5");
      Answer none = client.get(7, "/api/orders/2").answer(7);
      assertThat(none.status()).isEqualTo("503");
      assertThat(none.header("retry-after")).isNotNull();
      assertThat(client.get(9, "/health/live").answer(9).status()).isEqualTo("200");
    }
  }

  @Test
  void aStopLetsWhatIsUnderWayEnd() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    WireBackend.Script script =
        (request, in, out) -> {
          try {
            answer.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          say(out, "late");
          return true;
        };
    try (Rig rig = new Rig(script);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.get(1, "/api/a");
      await().until(() -> rig.backend.connections.get() == 1);
      CompletableFuture<Boolean> drained =
          CompletableFuture.supplyAsync(
              () -> rig.front.drain(Duration.ofSeconds(5), Duration.ofMillis(1)));
      assertThat(client.next(FrameClient.GOAWAY).code()).isZero();
      answer.countDown();
      assertThat(client.answer(1).body()).isEqualTo("late");
      assertThat(drained.get(6, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatOnlyBeginsLikeHttp2IsAMalformedRequest() throws IOException {
    try (Rig rig = new Rig(ECHO);
        WireClient client = rig.client()) {
      client.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(505);
    }
  }
}
