package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.probes.mode.BreakerState;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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

  private static String dependencies(int backendPort, String... dependencies) {
    return "dependencies:\n  - "
        + String.join("\n  - ", dependencies)
        + "\n"
        + "breaker: { failures: 2 }\n"
        + ReloadRig.version(backendPort)
            .replace(backendPort + "\" }", backendPort + "\", depends-on: [db] }");
  }

  private static String tcp(String id, int port) {
    return "{ id: %s, type: tcp, url: \"tcp://127.0.0.1:%d\", interval: 1s }".formatted(id, port);
  }

  @Test
  void anOpenBreakerStaysOpenAndTheProbesOfWhatIsGoneStop() throws Exception {
    try (WireBackend one = new WireBackend(WireBackend.text("one"));
        ServerSocket closed = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Probed other = new Probed()) {
      int refusing = closed.getLocalPort();
      closed.close();
      String both = dependencies(one.port(), tcp("db", refusing), tcp("other", other.port()));
      try (ReloadRig rig = new ReloadRig(folder, both)) {
        await().until(() -> breaker(rig) == BreakerState.OPEN && other.seen.get() > 1);
        assertThat(rig.page("/metrics")).contains("sluice_breaker_state{id=\"other\"}");
        rig.write(dependencies(one.port(), tcp("db", refusing)));
        assertThat(rig.post().body()).contains("\"dependencies\":{\"removed\":[\"other\"]}");
        assertThat(breaker(rig)).isEqualTo(BreakerState.OPEN);
        try (WireClient client = rig.client()) {
          assertThat(client.get("/a").status()).isEqualTo(503);
        }
        int seen = other.seen.get();
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        assertThat(other.seen.get()).isEqualTo(seen);
        assertThat(rig.page("/metrics"))
            .contains("sluice_breaker_state{id=\"db\"} 2.0")
            .contains("sluice_breaker_transitions_total{id=\"db\",to=\"open\"} 1.0")
            .doesNotContain("sluice_breaker_state{id=\"other\"}")
            .doesNotContain("subject=\"other\"");
      }
    }
  }

  private static BreakerState breaker(ReloadRig rig) {
    return rig.gateway.posture().dependencies().get("db").breaker();
  }

  /** A port that counts who comes. */
  private static final class Probed implements AutoCloseable {
    final AtomicInteger seen = new AtomicInteger();
    private final ServerSocket listening;

    Probed() throws IOException {
      listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
      Thread accepting = new Thread(this::accept, "probed");
      accepting.setDaemon(true);
      accepting.start();
    }

    private void accept() {
      while (!listening.isClosed()) {
        try (Socket socket = listening.accept();
            InputStream in = socket.getInputStream()) {
          seen.incrementAndGet();
          in.readAllBytes();
        } catch (IOException e) {
          // reset by the probe, or closed by the test
        }
      }
    }

    int port() {
      return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }

  @Test
  void connectionsOfWhatStayedAreUsedOnAndThoseOfWhatChangedAreClosed() throws Exception {
    try (WireBackend kept = new WireBackend(WireBackend.text("kept"));
        WireBackend changed = new WireBackend(WireBackend.text("changed"))) {
      String file =
          """
          backends:
            - { id: kept, url: "http://127.0.0.1:%d", health: { path: /h, interval: 1h } }
            - { id: changed, url: "http://127.0.0.1:%d", health: { path: /h, interval: 1h } }
          routes:
            - { id: kept, match: { path: "/kept" }, backend: kept }
            - { id: changed, match: { path: "/changed" }, backend: changed }
          """
              .formatted(kept.port(), changed.port());
      try (ReloadRig rig = new ReloadRig(folder, file);
          WireClient client = rig.client()) {
        assertThat(client.get("/kept").text()).isEqualTo("kept");
        assertThat(client.get("/changed").text()).isEqualTo("changed");
        await().until(() -> asked(kept) == 1 && asked(changed) == 1);
        rig.write("# moved\n" + file.replace("id: changed, url", "pool-size: 3, id: changed, url"));
        assertThat(rig.post().body()).contains("\"backends\":{\"changed\":[\"changed\"]}");
        assertThat(client.get("/kept").text()).isEqualTo("kept");
        assertThat(client.get("/changed").text()).isEqualTo("changed");
        assertThat(connections(kept)).as("the same one").hasSize(1);
        assertThat(connections(changed)).as("another one").hasSize(2);
        await().until(() -> changed.connections.get() - changed.closed.get() == 1);
      }
    }
  }

  private static List<Integer> connections(WireBackend backend) {
    return backend.requests.stream()
        .filter(request -> !request.line().contains(" /h "))
        .map(WireBackend.Request::connection)
        .distinct()
        .toList();
  }

  private static long asked(WireBackend backend) {
    return backend.requests.stream().filter(request -> request.line().contains(" /h ")).count();
  }

  private String queueing(WireBackend backend, int database, boolean writes) {
    String route =
        """
          - id: write
            match: { path: "/w/*", methods: [PUT] }
            backend: app
            writes: { accept: always, replay-as: gateway, principal: public }
        """;
    return "store: { url: \"sqlite:%s\" }\n".formatted(folder.resolve("sluice.db"))
        + dependencies(backend.port(), tcp("db", database))
        + (writes ? route : "");
  }

  @Test
  void writesOfARouteThatIsGoneWaitForItAndAreShown() throws Exception {
    try (WireBackend one = new WireBackend(WireBackend.text("one"));
        Probed database = new Probed();
        ServerSocket closed = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int refusing = closed.getLocalPort();
      closed.close();
      try (ReloadRig rig = new ReloadRig(folder, queueing(one, refusing, true));
          WireClient client = rig.client()) {
        await().until(() -> breaker(rig) == BreakerState.OPEN);
        assertThat(client.ask("PUT", "/w/1", "body").status()).isEqualTo(202);
        rig.write(queueing(one, database.port(), false));
        assertThat(rig.post().statusCode()).isEqualTo(200);
        await().until(() -> rig.page("/").contains("gone or queue no more: [write]"));
        assertThat(rig.page("/queue"))
            .contains("\"queued\":1")
            .contains("\"state\":\"queued\"")
            .contains("\"orphaned\":true");
        assertThat(one.requests).isEmpty();
        rig.write(queueing(one, database.port(), true));
        assertThat(rig.post().statusCode()).isEqualTo(200);
        await().until(() -> rig.page("/queue").contains("\"succeeded\":1"));
        assertThat(one.requests.get(0).line()).startsWith("PUT /w/1 ");
        assertThat(rig.page("/")).doesNotContain("gone or queue no more");
      }
    }
  }

  @Test
  void fiftyReloadsLeaveNeitherThreadsNorConnectionsBehind() throws Exception {
    List<Integer> threads = new CopyOnWriteArrayList<>();
    try (WireBackend one = new WireBackend(WireBackend.text("one"));
        Probed database = new Probed();
        ReloadRig rig = new ReloadRig(folder, file(one, database, 0));
        WireClient client = rig.client()) {
      for (int i = 1; i <= 50; i++) {
        rig.write(file(one, database, i));
        assertThat(rig.post().body()).contains("\"applied\"");
        assertThat(client.get("/a").text()).isEqualTo("one");
        threads.add(own());
      }
      assertThat(threads.get(49)).isLessThanOrEqualTo(threads.get(4) + 2);
      await().until(() -> one.connections.get() - one.closed.get() <= 2);
      String metrics = rig.page("/metrics");
      assertThat(metrics.lines().filter(line -> line.startsWith("sluice_breaker_state{")))
          .hasSize(2);
      assertThat(metrics.lines().filter(line -> line.startsWith("sluice_verdict{"))).hasSize(8);
    }
  }

  /** Another id and other settings each time: everything is new. */
  private static String file(WireBackend backend, Probed database, int i) {
    return """
        dependencies:
          - { id: db%d, type: tcp, url: "tcp://127.0.0.1:%d" }
        backends:
          - { id: app%d, url: "http://127.0.0.1:%d", depends-on: [db%d], connect-deadline: %dms }
        routes:
          - { id: all, match: { path: "/**" }, backend: app%d }
        """
        .formatted(i, database.port(), i, backend.port(), i, 1000 + i, i);
  }

  private static int own() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("sluice-"))
            .count();
  }
}
