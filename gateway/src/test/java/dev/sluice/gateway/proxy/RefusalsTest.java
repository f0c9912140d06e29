package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway refuses before a backend sees it. */
final class RefusalsTest {
  private static final String LIMITS =
      ", max-request-line: 1KiB, max-headers: 2KiB, max-body: 1KiB, header-deadline: 400ms,"
          + " body-idle: 400ms, idle: 5s";

  private static Rig rig() throws IOException {
    return new Rig(WireBackend.text("x"), LIMITS, "", null);
  }

  private static void refused(String bytes, int status) throws IOException {
    try (Rig rig = rig();
        WireClient client = rig.client()) {
      client.send(bytes);
      WireClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.text()).contains("\"status\":" + status);
      client.socket.shutdownOutput();
      assertThat(client.ended()).isTrue();
      assertThat(rig.backend.requests).isEmpty();
      assertThat(rig.faults).isEmpty();
      assertThat(rig.get("/api/after").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/x HTTP/1.1\r\n\r\n",
        "GET /api/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /api/x HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET /api/x HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /api/x HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET /api/x HTTP/1.1\r\nHost: a\r\nBad Name: b\r\n\r\n",
        "GET /api/x HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET http://user@host/api/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http:///api/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na",
        "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",
        "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\na",
        "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /api/x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /api/../x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/%2e%2e/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api//x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api%2fx HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api\\x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET api/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "NONSENSE\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n"
      })
  void whatCanBeReadInTwoWaysIs400(String bytes) throws IOException {
    refused(bytes, 400);
  }

  @Test
  void limitsHaveTheirOwnStatus() throws IOException {
    String large = "x".repeat(4000);
    refused("GET /api/" + large + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
    refused("GET /api/x HTTP/1.1\r\nHost: a\r\nX: " + large + "\r\n\r\n", 431);
    refused("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n", 413);
    refused(
        "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\nExpect: 100-continue\r\n\r\n",
        413);
    refused("GET /api/x HTTP/2.0\r\nHost: a\r\n\r\n", 505);
    refused("POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501);
    refused("GET /api/x HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417);
    refused("TRACE /api/x HTTP/1.1\r\nHost: a\r\n\r\n", 405);
    refused("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405);
  }

  @Test
  void aStreamedBodyOverTheLimitIs413() throws IOException {
    try (Rig rig = rig();
        WireClient client = rig.client()) {
      client.send("POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("400\r\n" + "x".repeat(1024) + "\r\n");
      await().until(() -> rig.backend.requests.size() == 1);
      client.send("1\r\ny\r\n");
      assertThat(client.answer().status()).isEqualTo(413);
      await().untilAtomic(rig.backend.closed, org.hamcrest.Matchers.is(1));
      assertThat(rig.get("/api/x").status()).isEqualTo(200);
    }
  }

  @Test
  void slowSendersAreTold408() throws IOException {
    try (Rig rig = rig();
        WireClient head = rig.client();
        WireClient body = rig.client()) {
      head.send("GET /api/x HT");
      body.send("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
      assertThat(head.answer().status()).isEqualTo(408);
      assertThat(head.ended()).isTrue();
      assertThat(body.answer().status()).isEqualTo(408);
    }
  }

  @Test
  void aBadChunkEndsTheExchange() throws IOException {
    try (Rig rig = rig();
        WireClient client = rig.client()) {
      client.send("POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("5\r\nhello\r\nzz\r\n");
      assertThat(client.answer().status()).isEqualTo(400);
      client.socket.shutdownOutput();
      assertThat(client.ended()).isTrue();
      assertThat(rig.get("/api/x").status()).isEqualTo(200);
    }
  }

  @Test
  void junkNeverHangsTheGateway() throws IOException {
    try (Rig rig = rig()) {
      Random random = new Random(42);
      for (int i = 0; i < 200; i++) {
        try (WireClient client = rig.client()) {
          byte[] junk = new byte[random.nextInt(300)];
          random.nextBytes(junk);
          byte[] good = "GET /api/x HTTP/1.1\r\nHost: a\r\n".getBytes(StandardCharsets.UTF_8);
          if (i % 2 == 0) {
            client.send(good);
          }
          client.send(junk);
        }
      }
      assertThat(rig.get("/api/after").status()).isEqualTo(200);
      await().until(() -> rig.front.connections() == 0);
    }
  }

  @Test
  void connectionsAboveTheBoundAreClosed() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"), ", max-connections: 2", "", null);
        WireClient first = rig.client();
        WireClient second = rig.client()) {
      assertThat(first.get("/api/x").status()).isEqualTo(200);
      assertThat(second.get("/api/x").status()).isEqualTo(200);
      try (WireClient third = rig.client()) {
        assertThat(third.ended()).isTrue();
      }
      assertThat(first.get("/api/x").status()).isEqualTo(200);
    }
  }
}
