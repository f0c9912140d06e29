package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What the filters of a route change on the wire. */
final class FiltersTest {
  private static final String LONG = "0123456789".repeat(50);

  private static WireBackend.Script answering(String headers, String body) {
    return WireBackend.raw(
        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s".formatted(body.length(), headers, body),
        true);
  }

  @Test
  void theBackendGetsTheRequestAsTheFiltersLeaveIt() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      rig.get("/filtered/a%20b?c=d", "X-Debug: 1", "X-Team: mine");
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(seen.line()).isEqualTo("GET /v2/a%20b?c=d HTTP/1.1");
      assertThat(seen.header("host")).isEqualTo("inner.example");
      assertThat(seen.header("x-team")).isEqualTo("orders");
      assertThat(seen.header("x-debug")).isNull();
      assertThat(seen.header("x-forwarded-prefix")).isEqualTo("/filtered");
      assertThat(seen.header("x-forwarded-host")).isEqualTo("shop");
    }
  }

  @Test
  void theClientGetsTheAnswerAsTheFiltersLeaveIt() throws IOException {
    try (Rig rig = new Rig(answering("Server: secret\r\nX-Served-By: app\r\n", "ok"))) {
      WireClient.Answer answer = rig.get("/filtered/a");
      assertThat(answer.header("x-served-by")).isEqualTo("sluice");
      assertThat(answer.header("server")).isNull();
    }
  }

  @Test
  void anotherSpellingOfThePrefixIsTakenTooAndAnotherPathIsNot() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      rig.get("/%66iltered;v=1/a");
      rig.get("/filtered");
      assertThat(rig.backend.requests)
          .extracting(WireBackend.Request::line)
          .containsExactly("GET /v2/a HTTP/1.1", "GET /v2/ HTTP/1.1");
    }
  }

  @Test
  void redirectsAndFixedAnswersReachNoBackend() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      WireClient.Answer moved = rig.get("/moved/a?b=c");
      assertThat(moved.status()).isEqualTo(307);
      assertThat(moved.header("location")).isEqualTo("https://new.example/moved/a?b=c");
      WireClient.Answer fixed = rig.get("/fixed");
      assertThat(fixed.status()).isEqualTo(410);
      assertThat(fixed.header("content-type")).isEqualTo("text/html");
      assertThat(fixed.text()).isEqualTo("<p>Gone</p>");
      assertThat(rig.backend.requests).isEmpty();
      assertThat(rig.ended).containsExactly("moved answered 307", "fixed answered 410");
    }
  }

  @Test
  void preflightsAreAnsweredHere() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"));
        WireClient client = rig.client()) {
      client.send(
          String.join(
              "\r\n",
              "OPTIONS /filtered/a HTTP/1.1",
              "Host: a",
              "Origin: https://app.example",
              "Access-Control-Request-Method: POST",
              "Access-Control-Request-Headers: x-team",
              "",
              ""));
      WireClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.header("access-control-allow-origin")).isEqualTo("https://app.example");
      assertThat(answer.header("access-control-allow-credentials")).isEqualTo("true");
      assertThat(answer.header("access-control-allow-methods")).isEqualTo("GET, HEAD, POST");
      assertThat(answer.header("access-control-allow-headers")).isEqualTo("x-team");
      assertThat(answer.header("access-control-max-age")).isEqualTo("3600");
      assertThat(rig.backend.requests).isEmpty();
    }
  }

  @Test
  void pagesOfOtherOriginsAreToldNothing() throws IOException {
    String claims = "Access-Control-Allow-Origin: *\r\n";
    try (Rig rig = new Rig(answering(claims, "ok"))) {
      WireClient.Answer stranger = rig.get("/filtered/a", "Origin: https://evil.example");
      assertThat(stranger.header("access-control-allow-origin")).isNull();
      assertThat(stranger.header("vary")).isEqualTo("origin");
      WireClient.Answer friend = rig.get("/filtered/a", "Origin: https://app.example");
      assertThat(friend.header("access-control-allow-origin")).isEqualTo("https://app.example");
      assertThat(friend.header("access-control-expose-headers")).isEqualTo("Age");
    }
  }

  @Test
  void problemsCanBeReadByThePageToo() throws IOException {
    try (Rig rig = new Rig((request, in, out) -> false)) {
      WireClient.Answer answer = rig.get("/filtered/a", "Origin: https://app.example");
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.header("access-control-allow-origin")).isEqualTo("https://app.example");
    }
  }

  @Test
  void textIsCompressedForWhoTakesIt() throws IOException {
    try (Rig rig = new Rig(answering("Content-Type: application/json\r\nETag: \"a\"\r\n", LONG))) {
      WireClient.Answer answer = rig.get("/filtered/a", "Accept-Encoding: br, gzip;q=0.5");
      assertThat(answer.header("content-encoding")).isEqualTo("gzip");
      assertThat(answer.header("content-length")).isNull();
      assertThat(answer.header("etag")).isEqualTo("W/\"a\"");
      assertThat(answer.header("vary")).contains("accept-encoding");
      assertThat(answer.body().length).isLessThan(LONG.length());
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo(LONG);
      }
    }
  }

  @Test
  void storedCopiesAreCompressedForWhoTakesIt() throws IOException {
    String head = "Content-Type: text/html\r\nETag: \"a\"\r\nCache-Control: max-age=60\r\n";
    try (Rig rig = new Rig(answering(head, LONG))) {
      rig.get("/copied/a", "Accept-Encoding: gzip");
      WireClient.Answer copy = rig.get("/copied/a", "Accept-Encoding: gzip");
      assertThat(copy.header("cache-status")).contains("hit");
      assertThat(copy.header("content-encoding")).isEqualTo("gzip");
      assertThat(copy.header("content-length")).isEqualTo(Integer.toString(copy.body().length));
      assertThat(copy.header("etag")).isEqualTo("W/\"a\"");
      assertThat(copy.header("vary")).contains("accept-encoding");
      assertThat(copy.header("age")).isNotNull();
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(copy.body()))) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo(LONG);
      }
      WireClient.Answer plain = rig.get("/copied/a");
      assertThat(plain.text()).isEqualTo(LONG);
      assertThat(plain.header("vary")).contains("accept-encoding");
      String[] known = {"Accept-Encoding: gzip", "If-None-Match: W/\"a\""};
      assertThat(rig.get("/copied/a", known).status()).isEqualTo(304);
      WireClient.Answer part = rig.get("/copied/a", "Accept-Encoding: gzip", "Range: bytes=0-3");
      assertThat(part.status()).isEqualTo(206);
      assertThat(part.header("content-encoding")).isNull();
      assertThat(part.text()).isEqualTo(LONG.substring(0, 4));
      assertThat(rig.backend.requests).hasSize(1);
    }
  }

  @Test
  void nothingElseIsCompressed() throws IOException {
    String json = "Content-Type: application/json\r\n";
    try (Rig rig = new Rig(answering(json, LONG))) {
      assertThat(rig.get("/filtered/a").header("content-encoding")).isNull();
      assertThat(rig.get("/filtered/a", "Accept-Encoding: gzip;q=0").header("content-encoding"))
          .isNull();
      assertThat(rig.get("/api/a", "Accept-Encoding: gzip").header("content-encoding")).isNull();
      rig.backend.script(answering(json, "short"));
      assertThat(rig.get("/filtered/a", "Accept-Encoding: gzip").text()).isEqualTo("short");
      rig.backend.script(answering("Content-Type: image/png\r\n", LONG));
      assertThat(rig.get("/filtered/a", "Accept-Encoding: gzip").text()).isEqualTo(LONG);
      rig.backend.script(answering(json + "Cache-Control: no-transform\r\n", LONG));
      assertThat(rig.get("/filtered/a", "Accept-Encoding: gzip").text()).isEqualTo(LONG);
    }
  }

  @Test
  void copiesAreOfTheClientsPathAndKeepWhatTheFiltersSay() throws IOException {
    try (Rig rig = new Rig(answering("Cache-Control: max-age=60\r\n", "copied"))) {
      rig.get("/copied/a", "Origin: https://one.example");
      WireClient.Answer again = rig.get("/copied/a", "Origin: https://two.example");
      assertThat(again.header("cache-status")).contains("hit");
      assertThat(again.header("x-served-by")).isEqualTo("sluice");
      assertThat(again.header("access-control-allow-origin")).isEqualTo("*");
      assertThat(rig.backend.requests).hasSize(1);
      assertThat(rig.backend.requests.get(0).line()).isEqualTo("GET /a HTTP/1.1");
    }
  }
}
