package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Backends and clients that break off, at every place. */
final class BrokenSidesTest {
  private static final String QUICK =
      ", connect-deadline: 500ms, response-deadline: 400ms, idle-deadline: 600ms";

  private static String status(Rig rig) throws IOException {
    return rig.get("/api/x").status() + "";
  }

  @Test
  void aStalePooledConnectionCostsNoRead() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"));
        WireClient client = rig.client()) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.get("/api/x").status()).isEqualTo(200);
        rig.backend.script(
            (request, in, out) -> {
              rig.backend.script(WireBackend.text("x"));
              return false;
            });
        assertThat(client.get("/api/x").status()).isEqualTo(200);
        assertThat(client.ask("POST", "/api/x", "body").status()).isEqualTo(200);
      }
      assertThat(rig.witnessed).containsOnly("200");
      assertThat(rig.faults).isEmpty();
    }
  }

  @Test
  void aWriteIsNeverSentTwice() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"));
        WireClient client = rig.client()) {
      assertThat(client.get("/api/x").status()).isEqualTo(200);
      rig.backend.script((request, in, out) -> false);
      assertThat(client.ask("POST", "/api/x", "body").status()).isEqualTo(502);
      assertThat(rig.backend.requests).hasSize(2);
      assertThat(rig.witnessed).containsExactly("200", "RESET");
    }
  }

  @Test
  void aBackendThatIsNotThereIs502() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"), "", QUICK, null);
        WireClient client = rig.client()) {
      rig.backend.close();
      for (int i = 0; i < 2; i++) {
        WireClient.Answer answer = client.get("/api/x");
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      }
      assertThat(client.ask("POST", "/api/x", "body").status()).isEqualTo(502);
      assertThat(rig.witnessed).containsOnly("CONNECT");
    }
  }

  @Test
  void aSilentBackendIs504AndIsLeft() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    WireBackend.Script silent =
        (request, in, out) -> {
          in.read();
          never.countDown();
          return false;
        };
    try (Rig rig = new Rig(silent, "", QUICK, null);
        WireClient client = rig.client()) {
      assertThat(client.get("/api/x").status()).isEqualTo(504);
      rig.backend.script(WireBackend.text("x"));
      assertThat(client.get("/api/x").status()).isEqualTo(200);
      assertThat(rig.witnessed).containsExactly("TIMEOUT", "200");
      await().until(() -> never.getCount() == 0);
    }
  }

  @Test
  void aBodyCutShortIsCutForTheClientToo() throws IOException {
    for (String head :
        new String[] {"Content-Length: 100", "Transfer-Encoding: chunked", "Content-Length: 6"}) {
      String body = head.startsWith("T") ? "5\r\nhello\r\n" : "hello";
      WireBackend.Script cut =
          WireBackend.raw("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n" + body, false);
      try (Rig rig = new Rig(cut);
          WireClient client = rig.client()) {
        assertThatThrownBy(() -> client.get("/api/x")).isInstanceOf(EOFException.class);
        rig.backend.script(WireBackend.text("x"));
        assertThat(status(rig)).isEqualTo("200");
        await().until(() -> rig.ended.contains("api upstream-failed 200"));
      }
    }
  }

  @Test
  void aBodyThatStopsIsCutAtTheIdleDeadline() throws IOException {
    WireBackend.Script stops =
        (request, in, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".getBytes(StandardCharsets.UTF_8));
          out.flush();
          in.read();
          return false;
        };
    try (Rig rig = new Rig(stops, "", QUICK, null);
        WireClient client = rig.client()) {
      assertThatThrownBy(() -> client.get("/api/x")).isInstanceOf(EOFException.class);
      await().untilAtomic(rig.backend.closed, org.hamcrest.Matchers.is(1));
    }
  }

  @Test
  void nonsenseOfTheBackendIs502() throws IOException {
    for (String nonsense :
        new String[] {
          "SSH-2.0-OpenSSH_9.2\r\n\r\n",
          "HTTP/1.1 101 Switching Protocols\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
          "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 2"
        }) {
      try (Rig rig = new Rig(WireBackend.raw(nonsense, false))) {
        assertThat(status(rig)).as(nonsense).isEqualTo("502");
        rig.backend.script(WireBackend.text("x"));
        assertThat(status(rig)).isEqualTo("200");
      }
    }
  }

  @Test
  void moreThanTheAnswerIsNeverGivenToTheNextClient() throws IOException {
    WireBackend.Script twice =
        WireBackend.raw(
            WireBackend.answer("200 OK", "mine") + WireBackend.answer("200 OK", "stray"), true);
    try (Rig rig = new Rig(twice);
        WireClient client = rig.client()) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.get("/api/x").text()).isEqualTo("mine");
      }
    }
  }

  @Test
  void clientsKilledAtEveryPointLeaveThePoolWhole() throws Exception {
    String text = "x".repeat(300_000);
    try (Rig rig = new Rig(WireBackend.text(text))) {
      for (int i = 0; i < 60; i++) {
        try (WireClient client = new WireClient(rig.front.port(), 2048)) {
          client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
          assertThat(client.in().readNBytes(1 + i * 97)).isNotEmpty();
          client.kill();
        }
        assertThat(rig.get("/api/x").text()).hasSize(text.length());
      }
      await().until(() -> rig.front.connections() == 0);
      assertThat(rig.faults).isEmpty();
    }
  }

  @Test
  void aClientThatLeavesCancelsTheBackend() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    WireBackend.Script waits =
        (request, in, out) -> {
          asked.countDown();
          if (in.read() < 0) {
            left.countDown();
          }
          return false;
        };
    try (Rig rig = new Rig(waits)) {
      try (WireClient client = rig.client()) {
        client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(left.await(5, TimeUnit.SECONDS)).isTrue();
      await().untilAsserted(() -> assertThat(rig.ended).containsExactly("api client-gone 0"));
      assertThat(rig.witnessed).isEmpty();
    }
  }

  @Test
  void anAnswerBeforeTheBodyEndsReachesTheClient() throws IOException {
    WireBackend.Script early =
        (request, in, out) -> {
          out.write(
              WireBackend.answer("413 Content Too Large", "no").getBytes(StandardCharsets.UTF_8));
          return false;
        };
    try (Rig rig = new Rig(early);
        WireClient client = rig.client()) {
      client.send("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
      WireClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.text()).isEqualTo("no");
      assertThat(answer.header("connection")).isEqualTo("close");
    }
  }
}
