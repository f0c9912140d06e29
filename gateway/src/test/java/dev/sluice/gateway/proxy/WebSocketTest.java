package dev.sluice.gateway.proxy;

import static dev.sluice.gateway.proxy.FrameClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets through a route that lets them, with the JDK's own client. */
@Timeout(60)
final class WebSocketTest {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** Opens, and sends every frame back as it came, without its mask. */
  private static final WireBackend.Script ECHO =
      (request, in, out) -> {
        opened(request, out);
        while (echoed(in, out)) {
          out.flush();
        }
        return false;
      };

  static void opened(WireBackend.Request request, OutputStream out) throws IOException {
    String key = request.header("sec-websocket-key") + MAGIC;
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-1").digest(key.getBytes(StandardCharsets.US_ASCII));
      String head =
          String.join(
              "\r\n",
              "HTTP/1.1 101 Switching Protocols",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Accept: %s",
              "",
              "");
      out.write(
          head.formatted(Base64.getEncoder().encodeToString(sha))
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One frame; false after a close or at the end. */
  private static boolean echoed(InputStream in, OutputStream out) throws IOException {
    int first = in.read();
    if (first < 0) {
      return false;
    }
    int second = in.read();
    long length = second & 0x7f;
    int more = length == 126 ? 2 : length == 127 ? 8 : 0;
    byte[] extended = Wire.exactly(in, more);
    if (more > 0) {
      length = 0;
      for (byte b : extended) {
        length = length << 8 | (b & 0xff);
      }
    }
    byte[] mask = (second & 0x80) == 0 ? new byte[4] : Wire.exactly(in, 4);
    byte[] payload = Wire.exactly(in, (int) length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i & 3];
    }
    out.write(first);
    out.write(second & 0x7f);
    out.write(extended);
    out.write(payload);
    out.flush();
    return (first & 0x0f) != 8;
  }

  /** Gathers what comes. */
  private static final class Heard implements WebSocket.Listener {
    final List<String> texts = new CopyOnWriteArrayList<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    final AtomicLong bytes = new AtomicLong();

    String text() {
      return String.join("", texts);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      texts.add(data + (last ? "|" : ""));
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      bytes.addAndGet(data.remaining());
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed.complete(status);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }

  private static WebSocket connect(Rig rig, String path, Heard heard) {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .connectTimeout(Duration.ofSeconds(5))
        .buildAsync(URI.create("ws://127.0.0.1:" + rig.front.port() + path), heard)
        .join();
  }

  @Test
  void messagesAndFragmentsPassBothWays() throws Exception {
    try (Rig rig = new Rig(ECHO)) {
      Heard heard = new Heard();
      WebSocket socket = connect(rig, "/socket", heard);
      socket.sendText("whole", true).join();
      socket.sendText("in ", false).join();
      socket.sendText("parts", true).join();
      await().until(() -> heard.text().endsWith("parts|"));
      assertThat(heard.text()).isEqualTo("whole|in parts|");
      socket.sendClose(4321, "done").join();
      assertThat(heard.closed.get(5, TimeUnit.SECONDS)).isEqualTo(4321);
      WireBackend.Request seen = rig.backend.requests.get(0);
      assertThat(seen.header("upgrade")).isEqualTo("websocket");
      assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
      assertThat(rig.ended).containsExactly("socket forwarded 101");
      await().until(() -> rig.front.connections() == 0 && rig.backend.closed.get() == 1);
      assertThat(rig.faults).isEmpty();
    }
  }

  @Test
  void muchPassesAsFastAsTheOtherSideTakesIt() throws Exception {
    int pieces = 2048; // half a GiB each way
    try (Rig rig = new Rig(ECHO)) {
      Heard heard = new Heard();
      WebSocket socket = connect(rig, "/socket", heard);
      for (int i = 0; i < pieces; i++) {
        socket.sendBinary(ByteBuffer.allocate(256 * 1024), true).join();
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> heard.bytes.get() == pieces * 256L * 1024);
      socket.abort();
      await().until(() -> rig.backend.closed.get() == 1);
    }
  }

  @Test
  void silentSocketsAreEndedWithAWord() throws Exception {
    try (Rig rig = new Rig(ECHO)) {
      Heard heard = new Heard();
      connect(rig, "/socket", heard);
      assertThat(heard.closed.get(5, TimeUnit.SECONDS)).isEqualTo(1001);
      await().until(() -> rig.front.connections() == 0 && rig.backend.closed.get() == 1);
    }
  }

  @Test
  void aStopTellsBothSides() throws Exception {
    try (Rig rig = new Rig(ECHO)) {
      Heard heard = new Heard();
      WebSocket socket = connect(rig, "/socket", heard);
      socket.sendText("a", true).join();
      await().until(() -> heard.text().equals("a|"));
      boolean drained = rig.front.drain(Duration.ofSeconds(5), Duration.ofMillis(1));
      assertThat(heard.closed.get(5, TimeUnit.SECONDS)).isEqualTo(1001);
      assertThat(drained).isTrue();
      await().until(() -> rig.backend.closed.get() == 1);
    }
  }

  @Test
  void aBackendThatGoesEndsTheSocket() throws Exception {
    try (Rig rig = new Rig(ECHO)) {
      Heard heard = new Heard();
      connect(rig, "/socket", heard);
      rig.backend.cut();
      await().until(heard.closed::isDone);
      await().until(() -> rig.front.connections() == 0);
    }
  }

  @Test
  void aRouteThatDoesNotSaySoTakesNone() throws Exception {
    try (Rig rig = new Rig(ECHO)) {
      assertThatThrownBy(() -> connect(rig, "/api/a", new Heard()))
          .isInstanceOf(CompletionException.class);
      assertThat(rig.backend.requests).isEmpty();
      assertThat(rig.ended.get(0)).endsWith("501");
    }
  }

  @Test
  void aBackendMayRefuse() throws Exception {
    try (Rig rig = new Rig(WireBackend.raw(WireBackend.answer("403 Forbidden", "no"), true));
        WireClient client = rig.client()) {
      client.send(
          String.join(
              "\r\n",
              "GET /socket HTTP/1.1",
              "Host: a",
              "Connection: Upgrade",
              "Upgrade: websocket",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
              "",
              ""));
      assertThat(client.answer().status()).isEqualTo(403);
    }
  }

  @Test
  void halfAHandshakeIsNone() throws Exception {
    try (Rig rig = new Rig(ECHO);
        WireClient client = rig.client()) {
      client.send(
          "GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(rig.backend.requests).isEmpty();
    }
  }

  @Test
  void aStreamOfHttp2BecomesOne() throws Exception {
    try (Rig rig = new Rig(ECHO);
        FrameClient client = new FrameClient(rig.front.port())) {
      client.head(
          1,
          false,
          request("CONNECT", "/socket", ":protocol", "websocket", "sec-websocket-version", "13"));
      FrameClient.Frame opened = client.next(FrameClient.HEADERS);
      assertThat(opened.fields()).contains(":status: 200");
      assertThat(opened.ends()).isFalse();
      byte[] masked = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};
      client.frame(FrameClient.DATA, 0, 1, masked);
      ByteArrayOutputStream echo = new ByteArrayOutputStream();
      while (echo.size() < 4) {
        echo.write(client.next(FrameClient.DATA).payload());
      }
      assertThat(echo.toByteArray()).isEqualTo(new byte[] {(byte) 0x81, 2, 'h', 'i'});
      client.frame(
          FrameClient.DATA,
          FrameClient.END_STREAM,
          1,
          new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
      FrameClient.Frame last = client.next(FrameClient.DATA);
      while (!last.ends()) {
        last = client.next(FrameClient.DATA);
      }
      await().until(() -> rig.backend.closed.get() == 1);
      assertThat(rig.faults).isEmpty();
    }
  }
}
