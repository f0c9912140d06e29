package dev.sluice.gateway.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests and answers that pass through, whole and in order. */
final class ForwardingTest {
  @Test
  void oneConnectionCarriesManyRequestsOnBothSides() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("hello"));
        WireClient client = rig.client()) {
      for (int i = 0; i < 20; i++) {
        WireClient.Answer answer = client.get("/api/x?i=" + i);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("hello");
        assertThat(answer.header("connection")).isNull();
      }
      assertThat(rig.backend.connections).hasValue(1);
      assertThat(rig.backend.requests.get(7).line()).isEqualTo("GET /api/x?i=7 HTTP/1.1");
      assertThat(rig.witnessed).hasSize(20).containsOnly("200");
      assertThat(rig.faults).isEmpty();
    }
  }

  @Test
  void ownAnswersKeepTheConnection() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("hello"));
        WireClient client = rig.client()) {
      assertThat(client.get("/health/live").text()).isEqualTo("LIVE");
      WireClient.Answer missing = client.get("/nowhere");
      assertThat(missing.status()).isEqualTo(404);
      assertThat(missing.header("content-type")).isEqualTo("application/problem+json");
      WireClient.Answer method = client.ask("DELETE", "/only", null);
      assertThat(method.status()).isEqualTo(405);
      assertThat(method.header("allow")).isEqualTo("GET");
      assertThat(client.ask("HEAD", "/health", null).status()).isEqualTo(200);
      assertThat(client.get("/.sluice/secret").status()).isEqualTo(404);
      assertThat(client.get("/api/x").text()).isEqualTo("hello");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    WireBackend.Script echo =
        (request, in, out) -> {
          byte[] body = WireBackend.body(request, in);
          String text = request.line() + " " + new String(body, StandardCharsets.UTF_8);
          out.write(WireBackend.answer("200 OK", text).getBytes(StandardCharsets.UTF_8));
          return true;
        };
    try (Rig rig = new Rig(echo);
        WireClient client = rig.client()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        all.append(
            i % 3 == 0
                ? "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
                : i % 3 == 1
                    ? "GET /api/" + i + " HTTP/1.1\r\nHost: a\r\n\r\n"
                    : "POST /api/"
                        + i
                        + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
                        + (100 + i));
      }
      client.send(all.toString());
      for (int i = 0; i < 100; i++) {
        String expected =
            i % 3 == 0
                ? "LIVE"
                : i % 3 == 1
                    ? "GET /api/" + i + " HTTP/1.1 "
                    : "POST /api/" + i + " HTTP/1.1 " + (100 + i);
        assertThat(client.answer().text()).isEqualTo(expected);
      }
      assertThat(rig.faults).isEmpty();
    }
  }

  @Test
  void thousandsOfRequestsInOneWriteAreAnsweredEachInTurn() throws Exception {
    int many = 3000;
    try (Rig rig = new Rig(WireBackend.text("hello"));
        WireClient client = rig.client()) {
      byte[] all = "GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n".repeat(many).getBytes(US_ASCII);
      Thread sending = new Thread(() -> sent(client, all));
      sending.start();
      for (int i = 0; i < many; i++) {
        assertThat(client.answer().text()).isEqualTo("hello");
      }
      sending.join();
      assertThat(client.ended()).isTrue();
      assertThat(rig.faults).isEmpty();
    }
  }

  private static void sent(WireClient client, byte[] all) {
    try {
      client.send(all);
      client.socket.shutdownOutput();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void answersWithoutBodyLeaveTheConnectionUsable() throws IOException {
    WireBackend.Script script =
        (request, in, out) -> {
          String answer =
              request.line().startsWith("HEAD")
                  ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                  : request.line().contains("204")
                      ? "HTTP/1.1 204 No Content\r\n\r\n"
                      : request.line().contains("304")
                          ? "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 9\r\n\r\n"
                          : request.line().contains("100")
                              ? "HTTP/1.1 100 Continue\r\n\r\n" + WireBackend.answer("200 OK", "x")
                              : WireBackend.answer("200 OK", "full!");
          out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
          return true;
        };
    try (Rig rig = new Rig(script);
        WireClient client = rig.client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.ask("HEAD", "/api/a", null).header("content-length")).isEqualTo("5");
        assertThat(client.get("/api/204").status()).isEqualTo(204);
        assertThat(client.get("/api/304").header("etag")).isEqualTo("\"a\"");
        assertThat(client.get("/api/100").text()).isEqualTo("x");
        assertThat(client.get("/api/200").text()).isEqualTo("full!");
      }
      assertThat(rig.backend.connections).hasValue(1);
    }
  }

  @Test
  void chunksPassBothWays() throws IOException {
    WireBackend.Script echo =
        (request, in, out) -> {
          String text = new String(WireBackend.body(request, in), StandardCharsets.UTF_8);
          out.write(
              ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      + Integer.toHexString(text.length())
                      + "\r\n"
                      + text
                      + "\r\n0\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
          return true;
        };
    try (Rig rig = new Rig(echo);
        WireClient client = rig.client()) {
      for (int i = 0; i < 3; i++) {
        client.send("POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.send("5\r\nhello\r\n");
        client.send("6;x=y\r\n world\r\n0\r\n\r\n");
        assertThat(client.answer().text()).isEqualTo("hello world");
      }
      assertThat(rig.backend.connections).hasValue(1);
      client.send("GET /api/y HTTP/1.0\r\nHost: a\r\n\r\n");
      WireClient.Answer old = client.answer();
      assertThat(old.header("transfer-encoding")).isNull();
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void anAnswerEndedByClosingIsChunkedToTheClient() throws IOException {
    try (Rig rig = new Rig(WireBackend.raw("HTTP/1.1 200 OK\r\n\r\nuntil the end", false));
        WireClient client = rig.client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.get("/api/x").text()).isEqualTo("until the end");
      }
      assertThat(rig.backend.connections).hasValue(3);
    }
  }

  @Test
  void largeBodiesPassBothWaysWithASlowReader() throws Exception {
    byte[] large = new byte[8 << 20];
    new Random(7).nextBytes(large);
    WireBackend.Script echo =
        (request, in, out) -> {
          byte[] body = WireBackend.body(request, in);
          out.write(
              ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
          out.write(body);
          return true;
        };
    try (Rig rig = new Rig(echo, ", max-body: 16MiB", "", null);
        WireClient client = new WireClient(rig.front.port(), 4096)) {
      for (int i = 0; i < 2; i++) {
        client.send(
            "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: " + large.length + "\r\n\r\n");
        client.send(large);
        assertThat(client.answer().body()).isEqualTo(large);
      }
      assertThat(rig.backend.connections).hasValue(1);
    }
  }

  @Test
  void theBackendsContinueIsPassedOn() throws IOException {
    WireBackend.Script asks =
        (request, in, out) -> {
          if (request.header("expect") != null) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
          }
          String text = new String(WireBackend.body(request, in), StandardCharsets.UTF_8);
          out.write(WireBackend.answer("200 OK", text).getBytes(StandardCharsets.UTF_8));
          return true;
        };
    try (Rig rig = new Rig(asks);
        WireClient client = rig.client()) {
      for (int i = 0; i < 3; i++) {
        client.send(
            "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(100);
        client.send("ok");
        assertThat(client.answer().text()).isEqualTo("ok");
      }
      assertThat(rig.backend.connections).hasValue(1);
    }
  }

  @Test
  void aBackendThatRefusesBeforeTheBodyNeverGetsIt() throws IOException {
    WireBackend.Script refuses =
        (request, in, out) -> {
          out.write(WireBackend.answer("403 Forbidden", "no").getBytes(StandardCharsets.UTF_8));
          out.flush();
          assertThat(in.read()).isEqualTo(-1);
          return false;
        };
    try (Rig rig = new Rig(refuses);
        WireClient client = rig.client()) {
      client.send(
          "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(403);
      assertThat(client.ended()).isTrue();
    }
  }
}
