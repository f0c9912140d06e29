package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
