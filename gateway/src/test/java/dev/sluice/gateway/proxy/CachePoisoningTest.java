package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client sends must not be what another gets. */
@Timeout(60)
class CachePoisoningTest {
  private static final String AT = "/cached/page";

  private Rig rig;

  /** A careless backend: it answers with whatever it was told, and lets it be stored. */
  @BeforeEach
  void start() throws IOException {
    rig =
        new Rig(
            (request, in, out) -> {
              WireBackend.body(request, in);
              String told = request.line() + "\n" + String.join("\n", request.headers());
              out.write(
                  "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: %d\r\n\r\n%s"
                      .formatted(told.length(), told)
                      .getBytes(StandardCharsets.ISO_8859_1));
              return true;
            });
  }

  @AfterEach
  void stop() throws IOException {
    rig.close();
    assertThat(rig.faults).isEmpty();
  }

  /** Fields that backends build links from: they never arrive as the client wrote them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: gopher",
        "X-Forwarded-Port: 666",
        "X-Forwarded-For: 6.6.6.6",
        "Forwarded: host=evil.example",
        "X-Real-IP: 6.6.6.6",
        "X-Request-Id: evil",
        "Sluice-Mode: evil"
      })
  void unkeyedFieldsDoNotReachTheAnswer(String header) throws IOException {
    // As a word: the gateway's own identifiers are random digits, in which 666 may stand.
    String value = "\\b" + Pattern.quote(header.split(": ")[1]) + "\\b";
    assertThat(rig.get(AT, header).text()).doesNotContainPattern(value);
    assertThat(rig.get(AT).text()).doesNotContainPattern(value);
  }

  /** Where they may change what is asked, the answer is not stored. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-HTTP-Method-Override: DELETE",
        "X-Original-URL: /admin",
        "X-Rewrite-URL: /admin",
        "X-HTTP-Method: PUT"
      })
  void answersToARequestForSomethingElseAreNotStored(String header) throws IOException {
    assertThat(rig.get(AT, header).text()).contains(header.split(": ")[1]);
    assertThat(rig.get(AT).text()).doesNotContain(header.split(": ")[1]);
  }

  @Test
  void aGetWithABodyIsNotStored() throws IOException {
    try (WireClient client = rig.client()) {
      client.ask("GET", AT, "lang=evil", "X-Fat: yes");
    }
    assertThat(rig.get(AT).text()).doesNotContain("x-fat", "X-Fat");
    assertThat(rig.backend.requests).hasSize(2);
  }

  /** Each name of the gateway has entries of its own, told apart as the backend is told it. */
  @Test
  void hostsDoNotShareEntries() throws IOException {
    assertThat(host("GET " + AT, "evil.example")).contains("evil.example");
    assertThat(host("GET " + AT, "shop.example")).doesNotContain("evil.example");
    assertThat(host("GET " + AT, "SHOP.example")).contains("shop.example");
    assertThat(rig.backend.requests).hasSize(2);
    assertThat(host("GET http://evil.example" + AT, "shop.example"))
        .as("the authority of the target prevails for the key as for the backend")
        .contains("evil.example");
    assertThat(host("GET " + AT, "shop.example")).doesNotContain("evil.example");
  }

  private String host(String line, String host) throws IOException {
    try (WireClient client = rig.client()) {
      client.send(line + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      return client.answer().text();
    }
  }

  @Test
  void twoHostsAreRefused() throws IOException {
    try (WireClient client = rig.client()) {
      client.send("GET " + AT + " HTTP/1.1\r\nHost: shop\r\nHost: evil.example\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(400);
    }
    assertThat(rig.backend.requests).isEmpty();
  }

  /** No spelling of a path shares an entry with another. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/cached/PAGE",
        "/cached/p%61ge",
        "/cached/page/",
        "/cached/page;x",
        "/cached/page?",
        "/cached/page?a=1&b=2",
        "/cached/page?b=2&a=1",
        "/cached/page.css",
        "/cached/page/x.css"
      })
  void nothingOfTheTargetIsLeftOutOfTheKey(String target) throws IOException {
    rig.get(AT);
    assertThat(rig.get(target).text()).startsWith("GET " + target + " ");
    assertThat(rig.backend.requests).hasSize(2);
    assertThat(rig.get(AT).text()).startsWith("GET " + AT + " ");
  }

  /** A page of one's own under the name of a style sheet: what counts is what the answer says. */
  @Test
  void nothingIsStoredForTheSakeOfItsName() throws IOException {
    rig.backend.script(
        WireBackend.raw(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nCache-Control: private\r\n"
                + "Content-Length: 6\r\n\r\nsecret",
            true));
    rig.get("/cached/account/x.css", "Cookie: session=1");
    assertThat(rig.get("/cached/account/x.css").header("cache-status"))
        .isEqualTo("sluice; fwd=uri-miss");
    assertThat(rig.copies.stats().entries()).isZero();
  }

  /** Whoever is known gets no lifetime guessed for a page of his own. */
  @Test
  void nothingIsGuessedForWhoeverHasACookie() throws IOException {
    rig.backend.script(
        WireBackend.raw(
            "HTTP/1.1 200 OK\r\nLast-Modified: Thu, 01 Jan 2015 00:00:00 GMT\r\n"
                + "Content-Length: 6\r\n\r\nsecret",
            true));
    rig.get(AT, "Cookie: session=1");
    rig.get(AT);
    assertThat(rig.backend.requests).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-A: b\r\nX-Evil\r\n: c", "X-A: b\0c", "X-A: b\rc", "X-Evil : c"})
  void anAnswerWithABrokenHeadIsNeitherPassedNorStored(String line) throws IOException {
    rig.backend.script(
        WireBackend.raw(
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                + line
                + "\r\nContent-Length: 2\r\n\r\nhi",
            true));
    assertThat(rig.get(AT).status()).isEqualTo(502);
    assertThat(rig.copies.stats().entries()).isZero();
  }

  /** Two lengths: what follows the first is no answer to anybody. */
  @Test
  void aSmuggledAnswerIsNotStored() throws IOException {
    rig.backend.script(
        WireBackend.raw(
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n"
                + "Content-Length: 40\r\n\r\nhiHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
            true));
    assertThat(rig.get(AT).status()).isEqualTo(502);
    rig.backend.script(WireBackend.text("good"));
    assertThat(rig.get(AT).text()).isEqualTo("good");
  }

  /** A client's no-store does not throw away what others have. */
  @Test
  void aClientCannotThrowCopiesAway() throws IOException {
    rig.get(AT);
    for (String wish : new String[] {"no-store", "no-cache", "max-age=0", "no-store, private"}) {
      rig.get(AT, "Cache-Control: " + wish);
    }
    int asked = rig.backend.requests.size();
    assertThat(rig.get(AT).header("cache-status")).startsWith("sluice; hit");
    assertThat(rig.backend.requests).hasSize(asked);
  }
}
