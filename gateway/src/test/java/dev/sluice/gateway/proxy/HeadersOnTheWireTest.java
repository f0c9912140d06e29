package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What of the headers reaches the other side. */
final class HeadersOnTheWireTest {
  @Test
  void headersOfTheBackendsConnectionStayOnIt() throws IOException {
    String head =
        String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Content-Length: 0",
            "Connection: X-Hop, close",
            "X-Hop: 1",
            "Keep-Alive: timeout=5",
            "Proxy-Authenticate: Basic",
            "Sluice-Mode: full",
            "X-Kept: 2",
            "Set-Cookie: a=1",
            "Set-Cookie: b=2");
    try (Rig rig = new Rig(WireBackend.raw(head + "\r\n\r\n", false));
        WireClient client = rig.client()) {
      for (int i = 0; i < 2; i++) {
        WireClient.Answer answer = client.get("/api/x");
        for (String gone :
            List.of("x-hop", "connection", "keep-alive", "proxy-authenticate", "sluice-mode")) {
          assertThat(answer.header(gone)).as(gone).isNull();
        }
        assertThat(answer.header("x-kept")).isEqualTo("2");
        assertThat(answer.header("set-cookie")).isEqualTo("a=1 | b=2");
        assertThat(answer.header("via")).isEqualTo("1.1 sluice");
      }
      assertThat(rig.backend.connections).hasValue(2);
    }
  }

  @Test
  void evidenceOfAFailingBackendReachesTheMonitorAndNoClient() throws IOException {
    String evidence = "orders-db;rung=connect;ms=5003;sqlstate=\"08001\"";
    String head = "HTTP/1.1 %s\r\nContent-Length: 0\r\nSluice-Evidence: " + evidence + "\r\n\r\n";
    try (Rig rig = new Rig(WireBackend.raw(head.formatted("503 Unavailable"), true))) {
      WireClient.Answer answer = rig.get("/api/x", "Sluice-Evidence: forged;rung=connect");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("sluice-evidence")).isNull();
      assertThat(rig.told).containsExactly("orders " + evidence);
    }
    try (Rig rig = new Rig(WireBackend.raw(head.formatted("200 OK"), true))) {
      assertThat(rig.get("/api/x").header("sluice-evidence")).isNull();
      assertThat(rig.told).isEmpty();
    }
  }

  @Test
  void headersOfTheClientsConnectionStayOnIt() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"))) {
      rig.get(
          "/api/x",
          "Connection: X-Secret-Hop, keep-alive",
          "X-Secret-Hop: 1",
          "Keep-Alive: 3",
          "TE: trailers",
          "Proxy-Authorization: Basic abc",
          "Proxy-Connection: keep-alive",
          "Upgrade: h2c",
          "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
          "Via: 1.0 before",
          "Authorization: Bearer t",
          "X-Cloud-Trace-Context: 0123456789abcdef0123456789abcdef/1");
      WireBackend.Request seen = rig.backend.requests.get(0);
      for (String gone :
          List.of(
              "x-secret-hop",
              "connection",
              "keep-alive",
              "te",
              "upgrade",
              "http2-settings",
              "proxy-connection",
              "proxy-authorization")) {
        assertThat(seen.header(gone)).as(gone).isNull();
      }
      assertThat(seen.header("authorization")).isEqualTo("Bearer t");
      assertThat(seen.header("x-cloud-trace-context"))
          .isEqualTo("0123456789abcdef0123456789abcdef/1");
      assertThat(seen.header("via")).isEqualTo("1.0 before | 1.1 sluice");
    }
  }

  @Test
  void connectionCannotStripWhatFramesRoutesOrVouches() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"));
        WireClient client = rig.client()) {
      client.ask(
          "POST",
          "/api/x",
          "body",
          "Connection: Host, Content-Length, X-Forwarded-For, X-Request-Id, Via, close");
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(seen.header("host")).isEqualTo("shop");
      assertThat(seen.header("content-length")).isEqualTo("4");
      assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
      assertThat(seen.header("x-request-id")).hasSizeGreaterThan(15);
      assertThat(seen.header("via")).isEqualTo("1.1 sluice");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void everyExchangeHasItsOwnRequestIdOnBothSides() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"));
        WireClient client = rig.client()) {
      Set<String> ids = new HashSet<>();
      for (int i = 0; i < 20; i++) {
        String told = client.get("/api/x", "X-Request-Id: forged").header("x-request-id");
        assertThat(rig.backend.requests.get(i).header("x-request-id")).isEqualTo(told);
        ids.add(told);
      }
      assertThat(ids).hasSize(20).doesNotContain("forged");
    }
  }

  @Test
  void whatOnlyAProxyMaySayIsSaidAnew() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"))) {
      rig.get(
          "/api/x",
          "X-Forwarded-For: 6.6.6.6",
          "X-Forwarded-Proto: https",
          "X-Forwarded-Host: evil",
          "X-Forwarded-User: root",
          "Forwarded: for=6.6.6.6",
          "Sluice-On-Behalf-Of: root",
          "X-Real-IP: 6.6.6.6",
          "X-Forwarded-Port: 1",
          "X-Serverless-Authorization: Bearer t");
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
      assertThat(seen.header("x-forwarded-proto")).isEqualTo("http");
      assertThat(seen.header("x-forwarded-host")).isEqualTo("shop");
      assertThat(seen.header("x-forwarded-user")).isNull();
      assertThat(seen.header("x-forwarded-port")).isEqualTo("80");
      assertThat(seen.header("x-real-ip")).isEqualTo("127.0.0.1");
      assertThat(seen.header("forwarded")).isNull();
      assertThat(seen.header("sluice-on-behalf-of")).isNull();
      assertThat(seen.header("x-serverless-authorization")).isNull();
    }
  }

  @Test
  void anAbsoluteTargetNamesTheHost() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"));
        WireClient client = rig.client()) {
      client.send("GET http://other:81/api/x?y=1 HTTP/1.1\r\nHost: shop\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(rig.backend.requests.get(0).line()).isEqualTo("GET /api/x?y=1 HTTP/1.1");
      assertThat(rig.backend.requests.get(0).header("host")).isEqualTo("other:81");
    }
  }
}
