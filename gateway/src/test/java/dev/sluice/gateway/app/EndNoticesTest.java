package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.Secret;
import dev.sluice.config.Writes.Webhook;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndNoticesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final String KEY = "a-key-of-sixteen-letters";

  private final List<String> signatures = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private HttpServer receiver;

  @BeforeEach
  void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    receiver.createContext(
        "/ended",
        exchange -> {
          try (exchange) {
            signatures.add(exchange.getRequestHeaders().getFirst("Sluice-Signature"));
            byte[] body = exchange.getRequestBody().readAllBytes();
            bodies.add(new String(body, StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(bodies.size() == 1 ? 503 : 204, -1);
          }
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  private static QueuedWrite write() {
    NewWrite request =
        new NewWrite(
            "orders-write",
            "PUT",
            "/orders/7",
            "shop",
            List.of(),
            new byte[] {1},
            "/orders/7",
            null,
            "f",
            "p",
            Duration.ofHours(1));
    return new QueuedWrite(
        "id-7", 1, WriteState.IN_FLIGHT, 2, 1, NOW, NOW, NOW, null, false, null, null, request);
  }

  private static String signed(String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    long seconds = NOW.getEpochSecond();
    byte[] text = (seconds + "." + body).getBytes(StandardCharsets.UTF_8);
    return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(text));
  }

  @Test
  void anEndIsToldUntilItIsTakenAndSigned() throws Exception {
    URI to = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/ended");
    new EndNotices(() -> NOW)
        .tell(
            new Webhook(to, new Secret(KEY)),
            write(),
            WriteState.FAILED,
            new CapturedAnswer(412, List.of(), new byte[0]),
            "the backend answered 412");
    await().atMost(Duration.ofSeconds(10)).until(() -> bodies.size() == 2);
    assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
    assertThat(bodies.get(0))
        .contains(
            "\"id\":\"id-7\"",
            "\"state\":\"failed\"",
            "\"route\":\"orders-write\"",
            "\"target\":\"/orders/7\"",
            "\"answer-status\":412",
            "\"error\":\"the backend answered 412\"");
    assertThat(signatures).containsOnly(signed(bodies.get(0)));
  }
}
