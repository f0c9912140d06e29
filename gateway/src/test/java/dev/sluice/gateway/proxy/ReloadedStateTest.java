package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.probes.mode.BreakerState;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What a gateway keeps and what it lets go of when its route files change. */
@Isolated("counts the threads of the whole process")
class ReloadedStateTest {
  @TempDir Path folder;

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
    return "store: { url: \"sqlite:%s\", key: \"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\", accept-volatile: true }\n"
            .formatted(folder.resolve("sluice.db"))
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
