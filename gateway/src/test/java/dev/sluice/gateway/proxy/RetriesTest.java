package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Further tries of what failed, where the route wants them and they do no harm. */
final class RetriesTest {
  private static final String KEY = "Idempotency-Key: k1";

  /** The first answers so, the others with their request's body. */
  private static WireBackend.Script first(WireBackend.Script script) {
    AtomicInteger asked = new AtomicInteger();
    return (request, in, out) -> {
      if (asked.getAndIncrement() == 0) {
        return script.answer(request, in, out);
      }
      String body = new String(WireBackend.body(request, in), StandardCharsets.UTF_8);
      out.write(WireBackend.answer("200 OK", "got " + body).getBytes(StandardCharsets.UTF_8));
      return true;
    };
  }

  private static WireBackend.Script unavailable() {
    return WireBackend.raw(WireBackend.answer("503 Service Unavailable", "later"), true);
  }

  private static WireBackend.Script silent() {
    return (request, in, out) -> {
      WireBackend.body(request, in);
      in.read();
      return false;
    };
  }

  private static WireClient.Answer ask(Rig rig, String method, String body, String... headers)
      throws IOException {
    try (WireClient client = rig.client()) {
      return client.ask(method, "/retry/x", body, headers);
    }
  }

  @Test
  void anotherTryTakesThePlaceOfAFailure() throws IOException {
    try (Rig rig = new Rig(first(unavailable()))) {
      WireClient.Answer answer = ask(rig, "PUT", "the body");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("got the body");
      assertThat(rig.backend.requests).hasSize(2);
      assertThat(rig.witnessed).containsExactly("503", "200");
      await().untilAsserted(() -> assertThat(rig.ended).containsExactly("retried forwarded 200"));
    }
  }

  @Test
  void aResetIsFollowedByAnotherTry() throws IOException {
    try (Rig rig = new Rig(first((request, in, out) -> false))) {
      assertThat(ask(rig, "DELETE", null).text()).isEqualTo("got ");
      assertThat(rig.witnessed).containsExactly("RESET", "200");
    }
  }

  @Test
  void aTryThatTakesTooLongIsFollowedByAnother() throws IOException {
    try (Rig rig = new Rig(first(silent()))) {
      long before = System.nanoTime();
      assertThat(ask(rig, "GET", null).status()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(ms(290), ms(900));
      assertThat(rig.witnessed).containsExactly("TIMEOUT", "200");
    }
  }

  @Test
  void whatIsNotSafeToRepeatIsSentOnce() throws IOException {
    for (WireBackend.Script script :
        new WireBackend.Script[] {unavailable(), (request, in, out) -> false, silent()}) {
      try (Rig rig = new Rig(first(script))) {
        assertThat(ask(rig, "POST", "order").status()).isIn(502, 503, 504);
        assertThat(rig.backend.requests).hasSize(1);
      }
      try (Rig rig = new Rig(first(script))) {
        assertThat(ask(rig, "POST", "order", KEY).text()).isEqualTo("got order");
        assertThat(rig.backend.requests).hasSize(2);
      }
    }
  }

  @Test
  void whatWasNeverSentIsTriedForEveryMethod() throws IOException {
    try (Rig rig = new Rig(WireBackend.text("x"))) {
      rig.backend.close();
      assertThat(ask(rig, "POST", "order").status()).isEqualTo(502);
      assertThat(rig.witnessed).containsExactly("CONNECT", "CONNECT", "CONNECT");
    }
  }

  @Test
  void aBodyThatIsNotKeptIsSentOnce() throws IOException {
    try (Rig rig = new Rig(first(unavailable()))) {
      assertThat(ask(rig, "PUT", "x".repeat(Upload.REPEATABLE + 1)).status()).isEqualTo(503);
      assertThat(rig.backend.requests).hasSize(1);
    }
  }

  @Test
  void theRoutesDeadlineHoldsOverAllTries() throws IOException {
    try (Rig rig = new Rig(silent())) {
      long before = System.nanoTime();
      assertThat(ask(rig, "GET", null).status()).isEqualTo(504);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(ms(880), ms(1500));
      assertThat(rig.backend.requests).hasSize(3);
    }
  }

  @Test
  void triesHaveABudget() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    WireBackend.Script ailing =
        (request, in, out) -> {
          boolean well = asked.incrementAndGet() % 5 == 0;
          return (well ? WireBackend.text("x") : unavailable()).answer(request, in, out);
        };
    try (Rig rig = new Rig(ailing);
        WireClient client = rig.client()) {
      long before = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        assertThat(client.get("/retry/x").status()).isIn(200, 503);
      }
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before) + 2;
      assertThat(rig.backend.requests.size()).isBetween(240, 240 + 3 * (int) seconds);
    }
  }

  @Test
  void aClientThatLeavesIsNotTriedFor() throws Exception {
    CountDownLatch failing = new CountDownLatch(1);
    WireBackend.Script fails =
        (request, in, out) -> {
          failing.countDown();
          in.read();
          return false;
        };
    try (Rig rig = new Rig(fails)) {
      try (WireClient client = rig.client()) {
        client.send("GET /retry/x HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(failing.await(5, TimeUnit.SECONDS)).isTrue();
        client.kill();
      }
      await().untilAsserted(() -> assertThat(rig.ended).containsExactly("retried client-gone 0"));
      Rig.pause(ms(500));
      assertThat(rig.backend.requests).hasSize(1);
    }
  }

  @Test
  void aRequestThatTakesLongAsksForALook() throws IOException {
    WireBackend.Script slow =
        (request, in, out) -> {
          Rig.pause(ms(request.line().contains("slow") ? 900 : 0));
          return WireBackend.text("x").answer(request, in, out);
        };
    try (Rig rig = new Rig(slow);
        WireClient client = rig.client()) {
      assertThat(client.get("/api/quick").status()).isEqualTo(200);
      assertThat(rig.slow).isEmpty();
      assertThat(client.get("/api/slow").status()).isEqualTo(200);
      assertThat(rig.slow).isNotEmpty().containsOnly("orders [orders-db]");
    }
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }
}
