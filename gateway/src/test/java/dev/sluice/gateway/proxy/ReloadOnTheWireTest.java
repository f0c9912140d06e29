package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Route files change under a gateway that serves. */
class ReloadOnTheWireTest {
  @TempDir Path folder;

  @Test
  void notOneOfThousandsOfRequestsIsLostOverTwentyReloads() throws Exception {
    try (WireBackend one = new WireBackend(WireBackend.text("one"));
        WireBackend two = new WireBackend(WireBackend.text("two"));
        ReloadRig rig = new ReloadRig(folder, ReloadRig.version(one.port()))) {
      AtomicBoolean going = new AtomicBoolean(true);
      AtomicInteger answers = new AtomicInteger();
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        clients.add(CompletableFuture.runAsync(() -> ask(rig, going, answers)));
      }
      for (int i = 0; i < 20; i++) {
        boolean first = i % 2 == 1;
        int before = answers.get();
        await().until(() -> answers.get() > before + 100 || anyDone(clients));
        if (i == 10) {
          rig.write("routes: [ { id: broken }\n");
          assertThat(rig.post().statusCode()).isEqualTo(422);
        }
        rig.write(ReloadRig.version(first ? one.port() : two.port()));
        assertThat(rig.post().statusCode()).isEqualTo(200);
        try (WireClient client = rig.client()) {
          assertThat(client.get("/now").text()).isEqualTo(first ? "one" : "two");
        }
      }
      going.set(false);
      for (CompletableFuture<Void> client : clients) {
        client.get(10, TimeUnit.SECONDS);
      }
      assertThat(answers.get()).isGreaterThan(2000);
      assertThat(one.requests.size() + two.requests.size()).isEqualTo(answers.get() + 20);
    }
  }

  private static boolean anyDone(List<CompletableFuture<Void>> clients) {
    return clients.stream().anyMatch(CompletableFuture::isDone);
  }

  /** One connection, kept alive: were it closed between two requests, the next one would fail. */
  private static void ask(ReloadRig rig, AtomicBoolean going, AtomicInteger answers) {
    try (WireClient client = rig.client()) {
      while (going.get()) {
        WireClient.Answer answer = client.get("/a");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isIn("one", "two");
        answers.incrementAndGet();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aChangedFileIsSeenWithoutBeingAskedFor() throws Exception {
    try (WireBackend one = new WireBackend(WireBackend.text("one"));
        WireBackend two = new WireBackend(WireBackend.text("two"));
        ReloadRig rig = new ReloadRig(folder, ReloadRig.version(one.port()));
        WireClient client = rig.client()) {
      assertThat(client.get("/a").text()).isEqualTo("one");
      rig.write(ReloadRig.version(two.port()));
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() -> assertThat(client.get("/a").text()).isEqualTo("two"));
    }
  }

  @Test
  void aDownloadAndAnUploadUnderWayEndWhereTheyBegan() throws Exception {
    CountDownLatch half = new CountDownLatch(2);
    CountDownLatch rest = new CountDownLatch(1);
    WireBackend.Script slow =
        (request, in, out) -> {
          if (request.line().startsWith("GET")) {
            out.write(
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            half.countDown();
            wait(rest);
            out.write("-half".getBytes(StandardCharsets.US_ASCII));
          } else {
            byte[] first = Wire.exactly(in, 5);
            half.countDown();
            byte[] second = Wire.exactly(in, 5);
            String got = new String(first, StandardCharsets.US_ASCII);
            got += new String(second, StandardCharsets.US_ASCII);
            out.write(
                WireBackend.answer("200 OK", "got " + got).getBytes(StandardCharsets.US_ASCII));
          }
          return true;
        };
    try (WireBackend old = new WireBackend(slow);
        WireBackend two = new WireBackend(WireBackend.text("two"));
        ReloadRig rig = new ReloadRig(folder, ReloadRig.version(old.port()));
        WireClient download = rig.client();
        WireClient upload = rig.client()) {
      download.send("GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n");
      upload.send("PUT /slow HTTP/1.1\r\nHost: shop\r\nContent-Length: 10\r\n\r\nabcde");
      assertThat(half.await(10, TimeUnit.SECONDS)).isTrue();
      rig.write(", max-body: 4B", ReloadRig.version(two.port()));
      assertThat(rig.post().statusCode()).isEqualTo(200);
      try (WireClient other = rig.client()) {
        assertThat(other.get("/now").text()).isEqualTo("two");
        assertThat(other.ask("PUT", "/now", "abcdefghij").status()).isEqualTo(413);
      }
      rest.countDown();
      upload.send("fghij");
      assertThat(download.answer().text()).isEqualTo("first-half");
      assertThat(upload.answer("PUT").text()).isEqualTo("got abcdefghij");
      assertThat(download.get("/next").text()).isEqualTo("two");
      await().untilAsserted(() -> assertThat(old.closed.get()).isEqualTo(old.connections.get()));
    }
  }

  private static void wait(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void reloadByThePortNeedsTheTokenAndTellsWhatChanged() throws Exception {
    try (WireBackend one = new WireBackend(WireBackend.text("one"));
        ReloadRig rig = new ReloadRig(folder, ReloadRig.version(one.port()))) {
      assertThat(rig.post(null).statusCode()).isEqualTo(401);
      assertThat(rig.post("wrong").statusCode()).isIn(401, 403);
      assertThat(rig.page("/-/reload")).contains("\"none\"");
      rig.write(ReloadRig.version(one.port()).replace("id: all", "id: every"));
      HttpResponse<String> done = rig.post();
      assertThat(done.statusCode()).isEqualTo(200);
      assertThat(done.body())
          .contains("\"applied\"")
          .contains("\"routes\":{\"added\":[\"every\"],\"removed\":[\"all\"]}")
          .doesNotContain("backends");
      assertThat(rig.page("/-/reload")).isEqualTo(done.body());
      assertThat(rig.post().body()).contains("\"unchanged\"");
    }
  }

  /** Answers that come from another thread, each with the next question right behind it. */
  @Test
  void oneQuestionAfterTheOtherIsAnswered() throws Exception {
    try (WireBackend one = new WireBackend(WireBackend.text("one"));
        ReloadRig rig = new ReloadRig(folder, ReloadRig.version(one.port()))) {
      for (int i = 0; i < 300; i++) {
        assertThat(rig.post().body()).contains("\"unchanged\"");
        assertThat(rig.page("/-/reload")).contains("\"unchanged\"");
      }
    }
  }

  @Test
  void aBadFileIsShownEverywhereUntilItIsMended() throws Exception {
    try (WireBackend one = new WireBackend(WireBackend.text("one"));
        ReloadRig rig = new ReloadRig(folder, ReloadRig.version(one.port()));
        WireClient client = rig.client()) {
      rig.write(ReloadRig.version(one.port()).replace("backend: app", "backend: <nobody>"));
      HttpResponse<String> refused = rig.post();
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
      assertThat(refused.body()).contains("routes.yaml:8:").contains("\"status\":422");
      assertThat(rig.page("/")).contains("were refused").contains("routes.yaml:8:");
      assertThat(rig.page("/")).contains("&lt;nobody&gt;").doesNotContain("<nobody>");
      assertThat(rig.page("/-/reload")).contains("\"refused\"");
      assertThat(rig.page("/metrics"))
          .contains("sluice_reloads_total{result=\"refused\"} 1.0")
          .contains("sluice_reload_refused 1.0");
      assertThat(client.get("/a").text()).isEqualTo("one");
      rig.write(ReloadRig.version(one.port()));
      assertThat(rig.post().statusCode()).isEqualTo(200);
      assertThat(rig.page("/")).doesNotContain("were refused");
      assertThat(rig.page("/metrics")).contains("sluice_reload_refused 0.0");
    }
  }

  @Test
  void whatNeedsARestartIsNamedAndTheRestIsApplied() throws Exception {
    try (WireBackend one = new WireBackend(WireBackend.text("one"));
        ReloadRig rig = new ReloadRig(folder, ReloadRig.version(one.port()))) {
      rig.write(
          ", max-buffered: 1MiB, max-request-line: 100B",
          ReloadRig.version(one.port()) + "health: { base: /state }\n");
      String body = rig.post().body();
      assertThat(body).contains("\"needs-restart\":[\"listen.max-buffered\"]");
      assertThat(body).contains("\"settings\":[\"listen.max-request-line\",\"health.base\"]");
      assertThat(rig.page("/")).contains("Needs a restart: [listen.max-buffered]");
      try (WireClient client = rig.client()) {
        assertThat(client.get("/state/live").header("content-type")).contains("health+json");
        assertThat(client.get("/health/live").text()).as("a route's now").isEqualTo("one");
        assertThat(client.get("/" + "a".repeat(200)).status()).isEqualTo(414);
      }
      assertThat(rig.post().body()).contains("\"unchanged\"").contains("listen.max-buffered");
    }
  }
}
