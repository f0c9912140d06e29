package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a backend is told of where a request came from, by a peer that is trusted or not. */
final class ForwardingHeadersTest {
  private static final String TRUSTED = ", trusted-proxies: [127.0.0.1, 10.0.0.0/8]";

  private static WireBackend.Request seen(String listen, String... headers) throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"), listen, "", null)) {
      assertThat(rig.get("/api/x", headers).status()).isEqualTo(200);
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(rig.exchanges.get(0).origin().client()).isEqualTo(seen.header("x-real-ip"));
      return seen;
    }
  }

  @Test
  void theChainOfATrustedProxyIsExtended() throws IOException {
    WireBackend.Request seen =
        seen(
            TRUSTED,
            "X-Forwarded-For: 6.6.6.6",
            "X-Forwarded-For: 10.0.0.9",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: shop.example",
            "X-Real-IP: 1.2.3.4");
    assertThat(seen.header("x-forwarded-for")).isEqualTo("6.6.6.6, 10.0.0.9, 127.0.0.1");
    assertThat(seen.header("x-forwarded-proto")).isEqualTo("https");
    assertThat(seen.header("x-forwarded-host")).isEqualTo("shop.example");
    assertThat(seen.header("x-forwarded-port")).isEqualTo("443");
    assertThat(seen.header("x-real-ip")).isEqualTo("6.6.6.6");
    assertThat(seen.header("forwarded")).isNull();
  }

  @Test
  void whatIsNoHostSchemeOrPortIsSaidAnew() throws IOException {
    WireBackend.Request seen =
        seen(
            TRUSTED,
            "X-Forwarded-Proto: gopher",
            "X-Forwarded-Host: evil/../x",
            "X-Forwarded-Port: 080");
    assertThat(seen.header("x-forwarded-proto")).isEqualTo("http");
    assertThat(seen.header("x-forwarded-host")).isEqualTo("shop");
    assertThat(seen.header("x-forwarded-port")).isEqualTo("80");
    assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
  }

  @Test
  void theProxyNextToTheGatewayHasTheLastWord() throws IOException {
    WireBackend.Request seen =
        seen(
            TRUSTED,
            "X-Forwarded-Proto: http, https",
            "X-Forwarded-Host: evil",
            "X-Forwarded-Host: shop.example:8443",
            "X-Forwarded-Port: 1, 8443");
    assertThat(seen.header("x-forwarded-proto")).isEqualTo("https");
    assertThat(seen.header("x-forwarded-host")).isEqualTo("shop.example:8443");
    assertThat(seen.header("x-forwarded-port")).isEqualTo("8443");
  }

  @Test
  void forwardedOfATrustedProxyIsExtendedAndSpeaksForBoth() throws IOException {
    String given = "for=\"[2001:db8::7]:4711\";proto=https;host=shop.example, for=10.0.0.9";
    WireBackend.Request seen = seen(TRUSTED, "Forwarded: " + given);
    assertThat(seen.header("forwarded")).isEqualTo(given + ", for=127.0.0.1");
    assertThat(seen.header("x-forwarded-for")).isEqualTo("[2001:db8::7]:4711, 10.0.0.9, 127.0.0.1");
    assertThat(seen.header("x-forwarded-proto")).isEqualTo("https");
    assertThat(seen.header("x-forwarded-host")).isEqualTo("shop.example");
    assertThat(seen.header("x-real-ip")).isEqualTo("2001:db8::7");
  }

  @Test
  void forwardedThatContradictsTheChainIsDropped() throws IOException {
    WireBackend.Request seen =
        seen(TRUSTED, "X-Forwarded-For: 6.6.6.6", "Forwarded: for=7.7.7.7;proto=https");
    assertThat(seen.header("forwarded")).isNull();
    assertThat(seen.header("x-forwarded-for")).isEqualTo("6.6.6.6, 127.0.0.1");
    assertThat(seen.header("x-forwarded-proto")).isEqualTo("http");
    assertThat(seen.header("x-real-ip")).isEqualTo("6.6.6.6");
  }

  @Test
  void forwardedThatAgreesWithTheChainPasses() throws IOException {
    WireBackend.Request seen =
        seen(TRUSTED, "X-Forwarded-For: 6.6.6.6", "Forwarded: for=\"6.6.6.6:80\"");
    assertThat(seen.header("forwarded")).isEqualTo("for=\"6.6.6.6:80\", for=127.0.0.1");
  }

  @Test
  void forwardedThatCannotBeReadIsDropped() throws IOException {
    WireBackend.Request seen = seen(TRUSTED, "Forwarded: for=6.6.6.6;for=7.7.7.7");
    assertThat(seen.header("forwarded")).isNull();
    assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
  }

  @Test
  void aPeerOutsideTheRangesIsNotBelieved() throws IOException {
    WireBackend.Request seen =
        seen(
            ", trusted-proxies: [10.0.0.0/8]",
            "X-Forwarded-For: 10.0.0.1",
            "Forwarded: for=10.0.0.1",
            "X-Request-Id: mine");
    assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(seen.header("forwarded")).isNull();
    assertThat(seen.header("x-request-id")).isNotEqualTo("mine");
  }

  @Test
  void aTrustedProxyMayNameTheRequest() throws IOException {
    String longest = "a".repeat(128);
    assertThat(seen(TRUSTED, "X-Request-Id: " + longest).header("x-request-id")).isEqualTo(longest);
    for (String bad : new String[] {longest + "a", "a b", "a\"b", "", "a\r\nX-Request-Id: b"}) {
      assertThat(seen(TRUSTED, "X-Request-Id: " + bad).header("x-request-id"))
          .as(bad)
          .matches("[0-9a-f]{32}");
    }
  }

  @Test
  void aValidTraceGoesOnUnchanged() throws IOException {
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    try (Rig rig = new Rig(WireBackend.text("x"))) {
      rig.get("/api/x", "Traceparent: " + parent, "tracestate: a=1", "tracestate: b=2");
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(seen.header("traceparent")).isEqualTo(parent);
      assertThat(seen.header("tracestate")).isEqualTo("a=1,b=2");
      assertThat(rig.exchanges.get(0).origin().traceId())
          .isEqualTo("0af7651916cd43dd8448eb211c80319c");
    }
  }

  @Test
  void anInvalidTraceBeginsAnewWithoutItsState() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"))) {
      rig.get("/api/x", "traceparent: 00-1-2-01", "tracestate: a=1");
      WireBackend.Request seen = rig.backend.requests.get(0);
      String id = rig.exchanges.get(0).origin().traceId();
      assertThat(id).isEqualTo(rig.exchanges.get(0).requestId());
      assertThat(seen.header("traceparent")).matches("00-" + id + "-[0-9a-f]{16}-00");
      assertThat(seen.header("tracestate")).isNull();
    }
  }

  @Test
  void thePlatformsTraceIsContinued() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"))) {
      String cloud = "0af7651916cd43dd8448eb211c80319c/18446744073709551615;o=1";
      rig.get("/api/x", "X-Cloud-Trace-Context: " + cloud);
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(seen.header("traceparent"))
          .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-ffffffffffffffff-01");
      assertThat(seen.header("x-cloud-trace-context")).isEqualTo(cloud);
    }
  }
}
