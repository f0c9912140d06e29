package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests beyond what a backend is sent at once, over real sockets and two event loops. */
class LimitsTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<WireClient> clients = new ArrayList<>();
  private final Semaphore answers = new Semaphore(0);
  private Rig rig;

  private void start(String concurrency, String mode) throws IOException {
    start(this::answerWhenLet, concurrency, mode);
  }

  private void start(WireBackend.Script script, String concurrency, String mode)
      throws IOException {
    rig =
        new Rig(
            script,
            ", threads: 2",
            ", concurrency: { adaptive: false, " + concurrency + " }",
            null,
            mode);
  }

  /** Answers one request for each permit that the test gives. */
  private boolean answerWhenLet(
      WireBackend.Request request, java.io.InputStream in, java.io.OutputStream out)
      throws IOException {
    byte[] body = WireBackend.body(request, in);
    try {
      if (!answers.tryAcquire(20, TimeUnit.SECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    String answer = WireBackend.answer("200 OK", "got " + body.length);
    out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    return true;
  }

  @AfterEach
  void stop() throws IOException {
    answers.release(1000);
    for (WireClient client : clients) {
      client.close();
    }
    if (rig != null) {
      rig.close();
      assertThat(rig.faults).isEmpty();
    }
  }

  /** Sends a request on a connection of its own and does not wait. */
  private WireClient ask(String target) throws IOException {
    WireClient client = rig.client();
    clients.add(client);
    return client.send("GET " + target + " HTTP/1.1\r\nHost: shop\r\n\r\n");
  }

  private void waiting(int count) {
    await().atMost(SOON).until(() -> rig.limit().waiting() == count);
  }

  private void atBackend(int count) {
    await().atMost(SOON).until(() -> rig.backend.requests.size() == count);
  }

  private List<String> asked() {
    return rig.backend.requests.stream().map(r -> r.line().split(" ")[1]).toList();
  }

  private static void shed(WireClient.Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.header("retry-after")).isIn("1", "2", "3");
    assertThat(answer.text()).contains("all the requests that it can take");
  }

  @Test
  void thoseBeyondTheLimitWaitInTheirOrderOverAllLoops() throws IOException {
    start("min: 1, max: 1, max-waiting: 10, max-wait: 20s", "enforce");
    List<WireClient> asking = new ArrayList<>();
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      asking.add(ask("/api/" + i));
      order.add("/api/" + i);
      if (i == 0) {
        atBackend(1);
      } else {
        waiting(i);
      }
    }
    assertThat(rig.limit().inFlight()).isEqualTo(1);
    answers.release(6);
    for (WireClient client : asking) {
      assertThat(client.answer().status()).isEqualTo(200);
    }
    assertThat(asked()).isEqualTo(order);
    await().atMost(SOON).until(() -> rig.limit().inFlight() == 0);
  }

  @Test
  void whoWaitsTooLongIsShedAndItsConnectionLivesOn() throws IOException {
    start("min: 1, max: 1, max-waiting: 10, max-wait: 300ms", "enforce");
    ask("/api/first");
    atBackend(1);
    long before = System.nanoTime();
    WireClient second = ask("/api/second");
    shed(second.answer());
    assertThat(System.nanoTime() - before).isGreaterThan(250_000_000L);
    assertThat(rig.limit().waiting()).isZero();
    assertThat(rig.limit().shedTotal()).isEqualTo(1);
    await().atMost(SOON).until(() -> rig.ended.contains("api shed 503"));
    answers.release(2);
    assertThat(second.get("/api/third").status()).isEqualTo(200);
    assertThat(asked()).containsExactly("/api/first", "/api/third");
  }

  @Test
  void whereTheLineIsFullTheNextIsShedAtOnceOrGetsAStoredCopy() throws IOException {
    start(
        (request, in, out) -> {
          if (request.line().contains("/orders/")) {
            out.write(
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nCache-Control: max-age=60\r\n\r\nkept"
                    .getBytes(StandardCharsets.ISO_8859_1));
            return true;
          }
          return answerWhenLet(request, in, out);
        },
        "min: 1, max: 1, max-waiting: 0, max-wait: 20s",
        "enforce");
    assertThat(rig.get("/api/orders/1").status()).isEqualTo(200);
    await().atMost(SOON).until(() -> rig.copies.stats().entries() == 1);
    await().atMost(SOON).until(() -> rig.limit().inFlight() == 0);
    ask("/api/first");
    atBackend(2);
    shed(rig.get("/api/second"));
    WireClient.Answer copy = rig.get("/api/orders/1");
    assertThat(copy.text()).isEqualTo("kept");
    assertThat(copy.header("cache-status")).contains("overloaded");
    shed(rig.get("/api/orders/2"));
  }

  @Test
  void aClientThatLeavesLeavesTheLine() throws IOException {
    start("min: 1, max: 1, max-waiting: 2, max-wait: 20s", "enforce");
    ask("/api/first");
    atBackend(1);
    WireClient leaves = ask("/api/leaves");
    waiting(1);
    WireClient stays = ask("/api/stays");
    waiting(2);
    leaves.kill();
    waiting(1);
    answers.release(2);
    assertThat(stays.answer().status()).isEqualTo(200);
    assertThat(asked()).containsExactly("/api/first", "/api/stays");
    assertThat(rig.ended).contains("api client-gone 0");
  }

  @Test
  void theBodyOfARequestThatWaitsStaysWithItsClient() throws Exception {
    start("min: 1, max: 1, max-waiting: 2, max-wait: 30s", "enforce");
    ask("/api/first");
    atBackend(1);
    int size = 30 << 20;
    AtomicLong sent = new AtomicLong();
    WireClient client = rig.client();
    clients.add(client);
    client.send("POST /api/large HTTP/1.1\r\nHost: shop\r\nContent-Length: " + size + "\r\n\r\n");
    Thread sending = new Thread(() -> upload(client, size, sent));
    sending.start();
    waiting(1);
    AtomicLong last = new AtomicLong(-1);
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> last.getAndSet(sent.get()) == sent.get());
    assertThat(sent.get()).isLessThan(size / 2);
    answers.release(2);
    assertThat(client.answer("POST").text()).isEqualTo("got " + size);
    sending.join(10_000);
  }

  private static void upload(WireClient client, int size, AtomicLong sent) {
    byte[] piece = new byte[1 << 16];
    try {
      for (int left = size; left > 0; left -= piece.length) {
        client.socket.getOutputStream().write(piece, 0, Math.min(left, piece.length));
        sent.addAndGet(piece.length);
      }
    } catch (IOException e) {
      sent.set(-1);
    }
  }

  @Test
  void healthIsAnsweredWhileEverythingIsFull() throws IOException {
    start("min: 1, max: 1, max-waiting: 1, max-wait: 20s", "enforce");
    ask("/api/first");
    atBackend(1);
    ask("/api/second");
    waiting(1);
    shed(rig.get("/api/third"));
    for (int i = 0; i < 20; i++) {
      assertThat(rig.get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void observeForwardsAllAndCountsWhatWouldHaveBeenRefused() throws IOException {
    start("min: 1, max: 1, max-waiting: 0, max-wait: 1s", "observe");
    WireClient first = ask("/api/first");
    atBackend(1);
    WireClient second = ask("/api/second");
    atBackend(2);
    answers.release(2);
    assertThat(first.answer().status()).isEqualTo(200);
    assertThat(second.answer().status()).isEqualTo(200);
    assertThat(rig.differed).containsExactly("api shed");
    answers.release(9);
    for (int i = 0; i < 4; i++) {
      assertThat(rig.get("/limited").status()).isEqualTo(200);
    }
    assertThat(rig.differed).containsExactly("api shed", "limited rate-limit");
  }

  @Test
  void passthroughKnowsNoLimit() throws IOException {
    start("min: 1, max: 1, max-waiting: 0, max-wait: 1s", "enforce");
    rig.passthrough.set(true);
    ask("/api/first");
    ask("/api/second");
    atBackend(2);
    answers.release(9);
    for (int i = 0; i < 5; i++) {
      assertThat(rig.get("/limited").status()).isEqualTo(200);
    }
    assertThat(rig.differed).isEmpty();
  }

  @Test
  void aClientBeyondItsRateIsToldWhenToComeBack() throws IOException {
    start(WireBackend.text("hello"), "min: 1, max: 9, max-waiting: 0, max-wait: 1s", "enforce");
    for (int i = 0; i < 3; i++) {
      assertThat(rig.get("/limited").status()).isEqualTo(200);
    }
    // Nobody believes what an untrusted peer says of itself.
    WireClient.Answer answer = rig.get("/limited", "X-Forwarded-For: 192.0.2.77");
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.header("retry-after")).isEqualTo("1800");
    assertThat(answer.header("ratelimit-policy")).isEqualTo("\"default\";q=2;w=3600");
    assertThat(answer.header("ratelimit")).isEqualTo("\"default\";r=0;t=1800");
    assertThat(rig.ended).contains("limited rate-limited 429");
    assertThat(rig.get("/api/other").status()).isEqualTo(200);
    assertThat(rig.limit().inFlight()).isLessThanOrEqualTo(1);
  }

  @Test
  void aHeaderTellsClientsApart() throws IOException {
    start(WireBackend.text("hello"), "min: 1, max: 9, max-waiting: 0, max-wait: 1s", "enforce");
    assertThat(rig.get("/keyed", "X-Api-Key: a").status()).isEqualTo(200);
    assertThat(rig.get("/keyed", "X-Api-Key: b").status()).isEqualTo(200);
    assertThat(rig.get("/keyed").status()).isEqualTo(200);
    assertThat(rig.get("/keyed", "X-Api-Key: a").status()).isEqualTo(429);
    assertThat(rig.get("/keyed").status()).isEqualTo(429);
  }

  @Test
  void clientsBehindATrustedProxyAreCountedApart() throws IOException {
    rig = new Rig(WireBackend.text("hello"), ", trusted-proxies: [127.0.0.0/8]", "", null);
    for (int i = 0; i < 3; i++) {
      assertThat(rig.get("/limited", "X-Forwarded-For: 9.9.9." + i + ", 192.0.2.1").status())
          .isEqualTo(200);
    }
    assertThat(rig.get("/limited", "X-Forwarded-For: 9.9.9.9, 192.0.2.1").status()).isEqualTo(429);
    assertThat(rig.get("/limited", "X-Forwarded-For: 192.0.2.1, 127.0.0.9").status())
        .isEqualTo(429);
    assertThat(rig.get("/limited", "X-Forwarded-For: 192.0.2.2").status()).isEqualTo(200);
  }

  /** Requests on this path that have come to the backend. */
  private long seen(String path) {
    return rig.backend.requests.stream().filter(each -> each.line().contains(path)).count();
  }

  @Test
  void slowClientsTakeNoPlaceOfOthers() throws IOException {
    String large = "x".repeat(8 << 20);
    WireBackend.Script script =
        (request, in, out) ->
            WireBackend.text(request.line().contains("large") ? large : "hello")
                .answer(request, in, out);
    start(script, "min: 1, max: 2, max-waiting: 0, max-wait: 1s", "enforce");
    List<WireClient> slow = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      WireClient sender = rig.client();
      sender.send("PUT /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
      slow.add(sender);
      WireClient reader = new WireClient(rig.front.port(), 4096);
      reader.send("GET /api/large HTTP/1.1\r\nHost: a\r\n\r\n");
      slow.add(reader);
      int asked = i + 1;
      await().atMost(SOON).until(() -> seen("/api/x") == asked && seen("/api/large") == asked);
      await().atMost(SOON).until(() -> rig.limit().inFlight() == 0);
      assertThat(rig.get("/api/other").text()).isEqualTo("hello");
    }
    for (int i = 0; i < 10; i += 2) {
      slow.get(i).send("defghi");
      assertThat(slow.get(i).answer().text()).isEqualTo("hello");
      assertThat(slow.get(i + 1).answer().text()).hasSize(large.length());
    }
    for (WireClient each : slow) {
      each.close();
    }
    await().atMost(SOON).until(() -> rig.limit().inFlight() == 0);
  }

  /** Resets, cuts, timeouts, overload, clients that leave at any moment: nothing stays taken. */
  @Test
  void everySlotIsBackAfterThousandsOfEndings() throws Exception {
    rig =
        new Rig(
            LimitsTest::badly,
            ", threads: 2",
            ", response-deadline: 30ms, concurrency: { min: 2, max: 4, max-waiting: 2,"
                + " max-wait: 40ms }",
            null,
            "enforce\nbreaker: { failures: 1000 }");
    Thread[] threads = new Thread[12];
    AtomicLong odd = new AtomicLong();
    for (int t = 0; t < threads.length; t++) {
      SplittableRandom random = new SplittableRandom(t);
      threads[t] = new Thread(() -> misbehave(random, odd));
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join(60_000);
    }
    assertThat(odd).hasValue(0);
    await().atMost(SOON).until(() -> rig.limit().inFlight() == 0 && rig.limit().waiting() == 0);
    assertThat(rig.limit().shedTotal()).isPositive();
    for (int i = 0; i < 20; i++) {
      assertThat(rig.get("/api/ok").status()).isEqualTo(200);
    }
  }

  private void misbehave(SplittableRandom random, AtomicLong odd) {
    String[] targets = {"ok", "ok", "cut", "reset", "slow", "busy"};
    for (int i = 0; i < 250; i++) {
      try (WireClient client = rig.client()) {
        String target = "/api/" + targets[random.nextInt(targets.length)];
        client.send(
            random.nextBoolean()
                ? "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"
                : "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        if (random.nextInt(3) == 0) {
          Rig.pause(Duration.ofMillis(random.nextInt(20)));
          client.kill();
        } else {
          client.answer();
        }
      } catch (SocketException | java.io.EOFException e) {
        // an answer that was cut
      } catch (IOException e) {
        odd.incrementAndGet();
      }
    }
  }

  private static boolean badly(
      WireBackend.Request request, java.io.InputStream in, java.io.OutputStream out)
      throws IOException {
    WireBackend.body(request, in);
    String line = request.line();
    if (line.contains("slow")) {
      Rig.pause(Duration.ofMillis(60));
    }
    String answer =
        line.contains("busy")
            ? WireBackend.answer("503 Service Unavailable", "busy")
            : WireBackend.answer("200 OK", "hello");
    int length = line.contains("cut") ? answer.length() - 3 : answer.length();
    if (!line.contains("reset")) {
      out.write(answer.substring(0, length).getBytes(StandardCharsets.ISO_8859_1));
    }
    return !line.contains("cut") && !line.contains("reset");
  }
}
