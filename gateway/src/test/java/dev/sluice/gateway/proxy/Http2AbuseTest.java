package dev.sluice.gateway.proxy;

import static dev.sluice.gateway.proxy.FrameClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that keep the gateway busy with frames that ask for nothing: each loses its connection.
 */
@Timeout(60)
final class Http2AbuseTest {
  private static final int ENHANCE_YOUR_CALM = 11;

  /** Sends on until the gateway has had enough; the code that it ends with, -1 for a mere end. */
  private static int until(FrameClient client, int most, Step step) throws IOException {
    try {
      for (int i = 0; i < most; i++) {
        step.send(i);
      }
    } catch (SocketException e) {
      // it has ended already; what it said may be lost with it
    }
    try {
      client.socket.setSoTimeout(3000);
      while (true) {
        FrameClient.Frame frame = client.next();
        if (frame.type() == FrameClient.GOAWAY) {
          return frame.code();
        }
      }
    } catch (EOFException | SocketException e) {
      return -1;
    }
  }

  private interface Step {
    void send(int number) throws IOException;
  }

  private static void serves(Rig rig) throws IOException {
    assertThat(rig.get("/api/after").status()).isEqualTo(200);
    await().until(() -> rig.front.connections() == 0);
    assertThat(rig.faults).isEmpty();
  }

  @Test
  void rapidResetsEndTheConnection() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      try (FrameClient client = new FrameClient(rig.front.port())) {
        int code =
            until(
                client,
                5000,
                i ->
                    client
                        .get(1 + 2 * i, "/api/a")
                        .send(FrameClient.RST_STREAM, 0, 1 + 2 * i, 0, 0, 0, 8));
        assertThat(code).isIn(ENHANCE_YOUR_CALM, -1);
      }
      assertThat(rig.backend.requests.size()).isLessThan(1000);
      serves(rig);
    }
  }

  @Test
  void aFloodOfContinuationsEndsTheConnection() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      try (FrameClient client = new FrameClient(rig.front.port())) {
        client.frame(
            FrameClient.HEADERS, FrameClient.END_STREAM, 1, client.block(request("GET", "/api/a")));
        int code = until(client, 100_000, i -> client.send(FrameClient.CONTINUATION, 0, 1));
        assertThat(code).isIn(ENHANCE_YOUR_CALM, -1);
      }
      serves(rig);
    }
  }

  @Test
  void aHeaderListBeyondTheLimitIsRefused() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"));
        FrameClient client = new FrameClient(rig.front.port())) {
      String large = "x".repeat(9000);
      client.frame(
          FrameClient.HEADERS, FrameClient.END_STREAM, 1, client.block(request("GET", "/api/a")));
      for (int i = 0; i < 5; i++) {
        client.frame(
            FrameClient.CONTINUATION,
            i == 4 ? FrameClient.END_HEADERS : 0,
            1,
            client.block("x-" + i, large));
      }
      assertThat(client.answer(1).status()).isIn("431", "");
      assertThat(rig.backend.requests).isEmpty();
    }
  }

  @Test
  void aFloodOfSettingsEndsTheConnection() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      try (FrameClient client = new FrameClient(rig.front.port())) {
        int code =
            until(client, 20_000, i -> client.send(FrameClient.SETTINGS, 0, 0, 0, 4, 0, 0, 0, 9));
        assertThat(code).isIn(ENHANCE_YOUR_CALM, -1);
      }
      serves(rig);
    }
  }

  @Test
  void aFloodOfPingsEndsTheConnection() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      try (FrameClient client = new FrameClient(rig.front.port())) {
        int code =
            until(client, 20_000, i -> client.send(FrameClient.PING, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
        assertThat(code).isIn(ENHANCE_YOUR_CALM, -1);
      }
      serves(rig);
    }
  }

  @Test
  void aFloodOfEmptyDataEndsTheConnection() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"))) {
      try (FrameClient client = new FrameClient(rig.front.port())) {
        client.head(1, false, request("POST", "/api/a"));
        int code = until(client, 20_000, i -> client.send(FrameClient.DATA, 0, 1));
        assertThat(code).isIn(ENHANCE_YOUR_CALM, -1);
      }
      serves(rig);
    }
  }

  @Test
  void noMoreStreamsThanAgreedAreOpenAtOnce() throws IOException {
    WireBackend.Script never = (request, in, out) -> in.read() >= 0;
    try (Rig rig = new Rig(never);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.next(FrameClient.SETTINGS);
      client.next();
      for (int i = 0; i <= Http2Link.STREAMS; i++) {
        client.get(1 + 2 * i, "/api/a");
      }
      FrameClient.Frame refused = client.next(FrameClient.RST_STREAM);
      assertThat(refused.stream()).isEqualTo(1 + 2 * Http2Link.STREAMS);
      assertThat(refused.code()).isEqualTo(7); // REFUSED_STREAM
    }
  }

  @Test
  void aConnectionThatSaysNothingMoreIsClosed() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("ok"), ", idle: 300ms", "", null);
        FrameClient client = new FrameClient(rig.front.port())) {
      assertThat(client.get(1, "/api/a").answer(1).status()).isEqualTo("200");
      assertThat(client.next(FrameClient.GOAWAY).code()).isZero();
      await().until(() -> rig.front.connections() == 0);
    }
  }
}
