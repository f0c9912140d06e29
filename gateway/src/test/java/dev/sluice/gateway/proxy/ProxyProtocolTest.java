package dev.sluice.gateway.proxy;

import static dev.sluice.gateway.proxy.ProxyHeaderTest.addresses;
import static dev.sluice.gateway.proxy.ProxyHeaderTest.block;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A port where every connection begins with a PROXY header. */
final class ProxyProtocolTest {
  private static final String LINE = "PROXY TCP4 6.6.6.6 10.0.0.1 56324 443\r\n";
  private static final String REQUEST = "GET /api/x HTTP/1.1\r\nHost: shop\r\n";

  private static Rig rig(String more) throws IOException {
    return new Rig(
        WireBackend.text("x"),
        ", proxy-protocol: true, trusted-proxies: [127.0.0.1, 10.0.0.0/8]" + more,
        "",
        null);
  }

  private static String seen(Rig rig, byte[] header, String fields) throws IOException {
    try (WireClient client = rig.client()) {
      client.send(header).send(REQUEST + fields + "\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      int last = rig.backend.requests.size() - 1;
      return rig.backend.requests.get(last).header("x-forwarded-for");
    }
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void thePeerIsWhomTheHeaderNames() throws IOException {
    try (Rig rig = rig("")) {
      assertThat(seen(rig, latin(LINE), "")).isEqualTo("6.6.6.6");
      assertThat(rig.exchanges.get(0).origin().client()).isEqualTo("6.6.6.6");
      assertThat(seen(rig, latin("PROXY TCP6 2001:db8::1 ::1 1 2\r\n"), ""))
          .isEqualTo("2001:db8::1");
      assertThat(seen(rig, block(0x21, 0x11, addresses("7.7.7.7", "10.0.0.1", 4, 0, 1, 9)), ""))
          .isEqualTo("7.7.7.7");
      assertThat(seen(rig, block(0x21, 0x21, addresses("2001:db8::2", "::1")), ""))
          .isEqualTo("2001:db8::2");
    }
  }

  @Test
  void whereTheHeaderNamesNobodyTheProxyIsThePeer() throws IOException {
    try (Rig rig = rig("")) {
      byte[][] nobody = {
        latin("PROXY UNKNOWN\r\n"),
        block(0x20, 0, new byte[0]),
        block(0x21, 0, new byte[0]),
        block(0x21, 0x31, new byte[216]),
      };
      for (byte[] header : nobody) {
        assertThat(seen(rig, header, "X-Forwarded-For: 5.5.5.5\r\n")).isEqualTo("127.0.0.1");
      }
    }
  }

  @Test
  void whoIsNamedIsBelievedOnlyWhereHeIsTrusted() throws IOException {
    try (Rig rig = rig("")) {
      String forged = "X-Forwarded-For: 5.5.5.5\r\n";
      assertThat(seen(rig, latin(LINE), forged)).isEqualTo("6.6.6.6");
      assertThat(seen(rig, latin("PROXY TCP4 10.0.0.7 10.0.0.1 1 2\r\n"), forged))
          .isEqualTo("5.5.5.5, 10.0.0.7");
    }
  }

  @Test
  void headersArriveInPieces() throws IOException {
    byte[][] headers = {latin(LINE), block(0x21, 0x11, addresses("6.6.6.6", "10.0.0.1", 4, 0, 0))};
    try (Rig rig = rig("")) {
      for (byte[] header : headers) {
        for (int cut = 1; cut <= header.length; cut++) {
          try (WireClient client = rig.client()) {
            client.send(Arrays.copyOf(header, cut));
            Rig.pause(java.time.Duration.ofMillis(1));
            client.send(Arrays.copyOfRange(header, cut, header.length));
            client.send(REQUEST + "\r\n");
            assertThat(client.answer().status()).as("cut at %d", cut).isEqualTo(200);
          }
          int last = rig.backend.requests.size() - 1;
          assertThat(rig.backend.requests.get(last).header("x-real-ip")).isEqualTo("6.6.6.6");
        }
      }
    }
  }

  @Test
  void allRequestsOfAConnectionHaveThePeerThatItBeganWith() throws IOException {
    try (Rig rig = rig("");
        WireClient client = rig.client()) {
      client.send(LINE + REQUEST + "\r\n" + REQUEST + "\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.get("/api/x").status()).isEqualTo(200);
      assertThat(rig.backend.requests)
          .extracting(request -> request.header("x-forwarded-for"))
          .containsExactly("6.6.6.6", "6.6.6.6", "6.6.6.6");
      client.send(LINE + "\r\n");
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void aClientThatEndsItsSideIsAnswered() throws IOException {
    try (Rig rig = rig("");
        WireClient client = rig.client()) {
      client.send(LINE + REQUEST + "\r\n");
      client.socket.shutdownOutput();
      assertThat(client.answer().text()).isEqualTo("x");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void withoutAHeaderThereIsNoAnswer() throws IOException {
    byte[][] beginnings = {
      latin(REQUEST + "\r\n"),
      latin("PROXY TCP4 6.6.6.6 10.0.0.1 1 2\n" + REQUEST + "\r\n"),
      latin("PROXY UNKNOWN " + "x".repeat(200) + "\r\n" + REQUEST + "\r\n"),
      block(0x21, 0x41, new byte[12]),
      block(0x2f, 0x11, addresses("6.6.6.6", "10.0.0.1")),
      latin("\r\n\r\n\0\r\nQUIT\n!\21\377\377"),
    };
    try (Rig rig = rig("")) {
      for (byte[] each : beginnings) {
        try (WireClient client = rig.client()) {
          client.send(each);
          assertThat(client.ended()).isTrue();
        }
      }
      assertThat(rig.backend.requests).isEmpty();
      assertThat(rig.exchanges).isEmpty();
      assertThat(rig.faults).isEmpty();
    }
  }

  @Test
  void aHeaderThatEndsTooSoonIsTheEnd() throws IOException {
    try (Rig rig = rig("")) {
      for (int cut : new int[] {0, 1, 6, LINE.length() - 1}) {
        try (WireClient client = rig.client()) {
          client.send(LINE.substring(0, cut));
          client.socket.shutdownOutput();
          assertThat(client.ended()).isTrue();
        }
      }
      assertThat(rig.exchanges).isEmpty();
    }
  }

  @Test
  void aHeaderThatDoesNotComeIsNotWaitedFor() throws IOException {
    try (Rig rig = rig(", header-deadline: 300ms");
        WireClient silent = rig.client();
        WireClient slow = rig.client()) {
      slow.send("PROXY TCP4 6.6.6");
      assertThat(silent.ended()).isTrue();
      assertThat(slow.ended()).isTrue();
      assertThat(rig.exchanges).isEmpty();
    }
  }

  @Test
  void aPeerThatIsNotTrustedIsClosed() throws IOException {
    String listen = ", proxy-protocol: true, trusted-proxies: [10.0.0.0/8]";
    try (Rig rig = new Rig(WireBackend.text("x"), listen, "", null);
        WireClient client = rig.client()) {
      try {
        client.send(LINE + REQUEST + "\r\n");
      } catch (IOException e) {
        // closed already
      }
      assertThat(client.ended()).isTrue();
      assertThat(rig.backend.requests).isEmpty();
    }
  }
}
