package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Backends that reset a connection instead of ending it. */
final class ResetsTest {
  private static WireBackend.Script reset(String... pieces) {
    return (request, in, out) -> {
      WireBackend.body(request, in);
      request.socket().setTcpNoDelay(true);
      for (String piece : pieces) {
        out.write(piece.getBytes(StandardCharsets.ISO_8859_1));
      }
      request.socket().setSoLinger(true, 0);
      return false;
    };
  }

  @Test
  void aResetIsNoEndOfABody() throws IOException {
    try (Rig rig = new Rig(reset("HTTP/1.1 200 OK\r\n\r\npart of it"));
        WireClient client = rig.client()) {
      assertThatThrownBy(() -> client.get("/api/x")).isInstanceOf(IOException.class);
      assertThat(rig.ended).containsExactly("api upstream-failed 200");
    }
  }

  @Test
  void anHttp10ClientSeesThatItsAnswerIsCut() throws IOException {
    String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    try (Rig rig = new Rig(WireBackend.raw(head + "4\r\npart\r\n", false));
        WireClient client = rig.client()) {
      client.send("GET /api/x HTTP/1.0\r\nHost: a\r\n\r\n");
      assertThatThrownBy(() -> client.in().readAllBytes()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aKeptConnectionThatWasResetCostsNoRead() throws IOException {
    try (Rig rig = new Rig(reset(WireBackend.answer("200 OK", "x")));
        WireClient client = rig.client()) {
      for (int i = 0; i < 500; i++) {
        assertThat(client.get("/api/x").status()).as("request %d", i).isEqualTo(200);
      }
    }
  }

  @Test
  void aCutAnswerTakesNothingFromTheOneBeforeIt() throws IOException {
    String large = "y".repeat(8 << 20);
    WireBackend.Script script =
        (request, in, out) -> {
          boolean first = request.line().contains("large");
          WireBackend.Script next =
              first
                  ? WireBackend.text(large)
                  : WireBackend.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart", false);
          return next.answer(request, in, out);
        };
    try (Rig rig = new Rig(script);
        WireClient client = new WireClient(rig.front.port(), 4096)) {
      String rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
      client.send("GET /api/large" + rest + ("GET /api/x" + rest).repeat(40));
      int read = 0;
      assertThat(client.head().status()).isEqualTo(200);
      // More than the gateway reads ahead: a close would reset the connection.
      client.send("GET /api/x" + rest);
      for (; rig.ended.size() < 2; read += 1024) {
        Wire.exactly(client.in(), 1024);
      }
      assertThat(rig.ended).containsExactly("api forwarded 200", "api upstream-failed 200");
      assertThat(Wire.exactly(client.in(), large.length() - read)).containsOnly('y');
      assertThat(client.head().status()).isEqualTo(200);
      assertThatThrownBy(() -> Wire.exactly(client.in(), 9)).isInstanceOf(EOFException.class);
    }
  }
}
