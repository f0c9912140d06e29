package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.probes.mode.BreakerState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code cache: standard}, over sockets. */
@Timeout(60)
class CacheOnTheWireTest {
  private static final String AT = "/cached/orders?page=1";

  private final ExecutorService clients = Executors.newCachedThreadPool();
  private Rig rig;

  @BeforeEach
  void start() throws IOException {
    rig = new Rig(fresh("first", "max-age=60", "ETag: \"1\""));
  }

  @AfterEach
  void stop() throws IOException {
    clients.shutdownNow();
    rig.close();
    assertThat(rig.faults).isEmpty();
  }

  /** 200 with this text, Cache-Control and further lines, or 304 to its ETag. */
  static WireBackend.Script fresh(String text, String cacheControl, String... lines) {
    String head = "Cache-Control: " + cacheControl + "\r\n" + String.join("\r\n", lines);
    return (request, in, out) -> {
      WireBackend.body(request, in);
      String tag = request.header("if-none-match");
      boolean known = tag != null && head.contains("ETag: " + tag);
      String all = head.stripTrailing() + "\r\n";
      String body = request.line().startsWith("HEAD") ? "" : text;
      write(
          out,
          known
              ? "HTTP/1.1 304 Not Modified\r\n" + all + "\r\n"
              : "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s"
                  .formatted(text.length(), all, body));
      return true;
    };
  }

  static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private int asked() {
    return rig.backend.requests.size();
  }

  @Test
  void aFreshCopyIsServedWithoutTheBackend() throws IOException {
    assertThat(rig.get(AT).header("cache-status")).isEqualTo("sluice; fwd=uri-miss; stored");
    rig.ahead = Duration.ofSeconds(20);
    WireClient.Answer hit = rig.get(AT);
    assertThat(hit.text()).isEqualTo("first");
    assertThat(hit.header("age")).isIn("20", "21");
    assertThat(hit.header("cache-status")).matches("sluice; hit; ttl=(40|39)");
    assertThat(hit.header("etag")).isEqualTo("\"1\"");
    assertThat(asked()).isOne();
    assertThat(rig.get("/cached/orders?page=2").header("cache-status")).contains("uri-miss");
    assertThat(rig.ended).last().isEqualTo("cached forwarded 200");
  }

  @Test
  void aStaleCopyIsValidatedAndFreshAgain() throws IOException {
    rig.get(AT);
    rig.ahead = Duration.ofSeconds(90);
    WireClient.Answer validated = rig.get(AT, "If-None-Match: \"other\"");
    assertThat(validated.status()).isEqualTo(200);
    assertThat(validated.text()).isEqualTo("first");
    assertThat(validated.header("cache-status")).isEqualTo("sluice; fwd=stale; fwd-status=304");
    assertThat(rig.backend.requests.get(1).header("if-none-match")).isEqualTo("\"1\"");
    assertThat(rig.get(AT).header("cache-status")).startsWith("sluice; hit; ttl=");
    assertThat(asked()).isEqualTo(2);
  }

  /** A connection whose end the backend announces with its 304 carries nothing more. */
  @Test
  void aConnectionThatEndsWithAConfirmationIsNotUsedAgain() throws IOException {
    rig.get(AT);
    rig.ahead = Duration.ofSeconds(90);
    rig.backend.script(
        (request, in, out) -> {
          WireBackend.body(request, in);
          boolean asked = request.header("if-none-match") != null;
          write(
              out,
              asked
                  ? "HTTP/1.1 304 Not Modified\r\nConnection: close\r\nETag: \"1\"\r\n\r\n"
                  : WireBackend.answer("200 OK", "posted"));
          return true;
        });
    assertThat(rig.get(AT).text()).isEqualTo("first");
    try (WireClient client = rig.client()) {
      assertThat(client.ask("POST", AT, "x").text()).isEqualTo("posted");
    }
    WireBackend.Request last = rig.backend.requests.get(2);
    assertThat(last.connection()).isNotEqualTo(rig.backend.requests.get(1).connection());
  }

  @Test
  void theClientsOwnConditionIsAnsweredFromTheCopy() throws IOException {
    rig.get(AT);
    WireClient.Answer known = rig.get(AT, "If-None-Match: \"0\", \"1\"");
    assertThat(known.status()).isEqualTo(304);
    assertThat(known.header("etag")).isEqualTo("\"1\"");
    rig.ahead = Duration.ofSeconds(90);
    assertThat(rig.get(AT, "If-None-Match: \"1\"").status()).as("validated").isEqualTo(304);
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void partsAndHeadsComeFromTheWholeCopy() throws IOException {
    rig.get(AT);
    WireClient.Answer part = rig.get(AT, "Range: bytes=1-2");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("ir");
    assertThat(part.header("content-range")).isEqualTo("bytes 1-2/5");
    try (WireClient client = rig.client()) {
      WireClient.Answer head = client.ask("HEAD", AT, null);
      assertThat(head.header("content-length")).isEqualTo("5");
      assertThat(client.get(AT).text()).as("on the same connection").isEqualTo("first");
    }
    assertThat(asked()).isOne();
  }

  @Test
  void aRangeOfWhatIsNotStoredPassesAndIsNotKept() throws IOException {
    rig.backend.script(
        WireBackend.raw(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/5\r\nContent-Length: 2\r\n"
                + "Cache-Control: max-age=60\r\n\r\nfi",
            true));
    assertThat(rig.get(AT, "Range: bytes=0-1").status()).isEqualTo(206);
    assertThat(rig.backend.requests.get(0).header("range")).isEqualTo("bytes=0-1");
    assertThat(rig.copies.stats().entries()).isZero();
  }

  @Test
  void whileItIsRevalidatedAStaleCopyIsServedAndTheClientMayLeave() throws Exception {
    rig.backend.script(fresh("old", "max-age=10, stale-while-revalidate=600"));
    rig.get(AT);
    rig.ahead = Duration.ofSeconds(60);
    rig.backend.script(
        (request, in, out) -> {
          Rig.pause(Duration.ofMillis(300));
          return fresh("new", "max-age=100").answer(request, in, out);
        });
    long begun = System.nanoTime();
    for (int i = 0; i < 5; i++) {
      WireClient.Answer stale = rig.get(AT);
      assertThat(stale.text()).isEqualTo("old");
      assertThat(stale.header("cache-status"))
          .matches("sluice; hit; ttl=-5\\d; detail=stale-while-revalidate");
    }
    assertThat(System.nanoTime() - begun).isLessThan(250_000_000L);
    String text = "old";
    for (int i = 0; i < 100 && text.equals("old"); i++) {
      Rig.pause(Duration.ofMillis(20));
      text = rig.get(AT).text();
    }
    assertThat(text).isEqualTo("new");
    assertThat(asked()).as("one refresh for all").isEqualTo(2);
  }

  @Test
  void concurrentMissesAskTheBackendOnce() throws Exception {
    rig.backend.script(slowly(fresh("shared", "max-age=60")));
    List<WireClient.Answer> all = together(40);
    assertThat(all).allMatch(answer -> answer.text().equals("shared"));
    assertThat(asked()).isOne();
  }

  @Test
  void concurrentRequestsForWhatIsNobodyElsesAreAskedInParallel() throws Exception {
    rig.backend.script(slowly(fresh("mine", "private, max-age=60")));
    long begun = System.nanoTime();
    List<WireClient.Answer> all = together(20);
    assertThat(System.nanoTime() - begun)
        .as("one wait for the first, one in parallel for the rest")
        .isLessThan(TimeUnit.SECONDS.toNanos(3));
    assertThat(all).allMatch(answer -> answer.text().equals("mine"));
    assertThat(asked()).isEqualTo(20);
    together(5);
    assertThat(rig.copies.stats().entries()).isZero();
  }

  @Test
  void whoeverWaitsIsReleasedWhenTheQuestionFails() throws Exception {
    rig.backend.script(
        (request, in, out) -> {
          Rig.pause(Duration.ofMillis(200));
          return false;
        });
    assertThat(together(10)).allMatch(answer -> answer.status() == 502);
  }

  private static WireBackend.Script slowly(WireBackend.Script script) {
    return (request, in, out) -> {
      Rig.pause(Duration.ofMillis(400));
      return script.answer(request, in, out);
    };
  }

  private List<WireClient.Answer> together(int count) throws Exception {
    List<Future<WireClient.Answer>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      futures.add(clients.submit(() -> rig.get(AT)));
    }
    List<WireClient.Answer> all = new ArrayList<>();
    for (Future<WireClient.Answer> future : futures) {
      all.add(future.get(20, TimeUnit.SECONDS));
    }
    return all;
  }

  @Test
  void aSuccessfulWriteMakesCopiesVoidAndAFailedOneDoesNot() throws IOException {
    rig.get(AT);
    rig.backend.script(WireBackend.raw("HTTP/1.1 409 No\r\nContent-Length: 0\r\n\r\n", true));
    try (WireClient client = rig.client()) {
      client.ask("POST", AT, "x");
    }
    assertThat(rig.get(AT).header("cache-status")).startsWith("sluice; hit");
    rig.backend.script(WireBackend.raw("HTTP/1.1 204 Done\r\n\r\n", true));
    try (WireClient client = rig.client()) {
      client.ask("M-SEARCH", AT, null);
    }
    rig.backend.script(fresh("second", "max-age=60"));
    assertThat(rig.get(AT).text()).isEqualTo("second");
  }

  @Test
  void anAnswerThatAWriteOvertookIsNotStored() throws Exception {
    rig.backend.script(
        (request, in, out) -> {
          if (request.line().startsWith("POST")) {
            return WireBackend.text("done").answer(request, in, out);
          }
          write(out, "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 3\r\n\r\no");
          Rig.pause(Duration.ofMillis(500));
          write(out, "ld");
          return true;
        });
    Future<WireClient.Answer> old = clients.submit(() -> rig.get(AT));
    Rig.pause(Duration.ofMillis(200));
    try (WireClient client = rig.client()) {
      assertThat(client.ask("POST", AT, "x").status()).isEqualTo(200);
    }
    assertThat(old.get(5, TimeUnit.SECONDS).text()).isEqualTo("old");
    rig.backend.script(fresh("new", "max-age=60"));
    assertThat(rig.get(AT).text()).isEqualTo("new");
  }

  @Test
  void aMissStreamsThroughWhileItIsStored() throws IOException {
    rig.backend.script(
        (request, in, out) -> {
          write(
              out, "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 6\r\n\r\nabc");
          Rig.pause(Duration.ofMillis(500));
          write(out, "def");
          return true;
        });
    try (WireClient client = rig.client()) {
      client.send("GET " + AT + " HTTP/1.1\r\nHost: shop\r\n\r\n");
      long begun = System.nanoTime();
      client.head();
      assertThat(client.in().readNBytes(3)).isEqualTo("abc".getBytes(StandardCharsets.US_ASCII));
      assertThat(System.nanoTime() - begun).isLessThan(400_000_000L);
      assertThat(client.in().readNBytes(3)).isEqualTo("def".getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(rig.get(AT).text()).isEqualTo("abcdef");
    assertThat(asked()).isOne();
  }

  @Test
  void whatIsTooLargePassesWholeAndIsNotStored() throws IOException {
    String large = "x".repeat(100_000);
    rig.backend.script(
        (request, in, out) -> {
          write(out, "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nConnection: close\r\n\r\n");
          write(out, large);
          return false;
        });
    assertThat(rig.get(AT).text()).isEqualTo(large);
    assertThat(rig.copies.stats().entries()).isZero();
  }

  @Test
  void whatTheBackendCutsIsNotStored() throws IOException {
    rig.backend.script(
        WireBackend.raw(
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 9\r\n\r\nabc", false));
    try (WireClient client = rig.client()) {
      client.send("GET " + AT + " HTTP/1.1\r\nHost: shop\r\n\r\n");
      client.head();
      assertThat(client.in().readNBytes(9)).hasSize(3);
    }
    rig.backend.script(fresh("whole", "max-age=60"));
    assertThat(rig.get(AT).text()).isEqualTo("whole");
  }

  @Test
  void onlyIfCachedNeverAsks() throws IOException {
    WireClient.Answer none = rig.get(AT, "Cache-Control: only-if-cached");
    assertThat(none.status()).isEqualTo(504);
    assertThat(asked()).isZero();
    rig.get(AT);
    assertThat(rig.get(AT, "Cache-Control: only-if-cached").text()).isEqualTo("first");
    assertThat(asked()).isOne();
  }

  @Test
  void whileTheBreakerIsOpenCopiesAreServedAtOnceAndTheRestIsRefused() throws IOException {
    rig.get(AT);
    rig.ahead = Duration.ofSeconds(90);
    rig.database(BreakerState.OPEN);
    WireClient.Answer stale = rig.get(AT);
    assertThat(stale.status()).isEqualTo(200);
    assertThat(stale.header("cache-status")).matches("sluice; hit; ttl=-3\\d; detail=breaker-open");
    assertThat(stale.header("sluice-mode")).isEqualTo("db-degraded");
    WireClient.Answer none = rig.get("/cached/other");
    assertThat(none.status()).isEqualTo(503);
    assertThat(none.header("retry-after")).isNotNull();
    rig.ahead = Duration.ofHours(2);
    assertThat(rig.get(AT).status()).as("beyond max-stale").isEqualTo(503);
  }

  @Test
  void withEveryProtectionOffNothingIsServedFromACopy() throws IOException {
    rig.get(AT);
    rig.passthrough.set(true);
    rig.get(AT);
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void aBrokenBackendIsNotAskedOnEveryRequest() throws IOException {
    rig.get(AT);
    rig.ahead = Duration.ofSeconds(90);
    rig.backend.script(WireBackend.raw(WireBackend.answer("500 No", "x"), true));
    assertThat(rig.get(AT).header("cache-status")).isEqualTo("sluice; fwd=stale; fwd-status=500");
    for (int i = 0; i < 10; i++) {
      assertThat(rig.get(AT).header("cache-status")).endsWith("detail=hold-off");
    }
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void cookiesAreNobodyElses() throws IOException {
    rig.backend.script(fresh("yours", "max-age=60", "Set-Cookie: id=1"));
    assertThat(rig.get(AT).header("set-cookie")).isEqualTo("id=1");
    assertThat(rig.get(AT).header("cache-status")).isEqualTo("sluice; fwd=uri-miss");
    assertThat(asked()).isEqualTo(2);
  }

  /** The connection stays in step whatever is answered on it. */
  @Test
  void hitsMissesAndPartsFollowEachOtherOnOneConnection() throws IOException {
    try (WireClient client = rig.client()) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.get(AT).text()).isEqualTo("first");
        assertThat(client.get(AT, "If-None-Match: \"1\"").status()).isEqualTo(304);
        assertThat(client.get(AT, "Range: bytes=-1").text()).isEqualTo("t");
        assertThat(client.get("/cached/" + i).text()).isEqualTo("first");
      }
    }
    assertThat(asked()).isEqualTo(21);
  }
}
