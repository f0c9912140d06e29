package dev.sluice.gateway.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.health.Postures;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuccessionTest {
  private static final String FILE =
      """
      environment: test
      mode: enforce
      listen: { port: 8080, threads: 2, max-body: 1MiB, drain: 8s }
      admin: { port: 9090, token: "0123456789abcdef" }
      store: { url: "sqlite:./data/sluice.db", accept-volatile: true }
      cache: { max-bytes: 1MiB }
      dependencies:
        - { id: db, type: tcp, url: "tcp://127.0.0.1:5432" }
      backends:
        - { id: orders, url: "http://127.0.0.1:8081", depends-on: [db] }
      routes:
        - { id: read, match: { path: "/a" }, backend: orders }
        - { id: write, match: { path: "/b" }, backend: orders }
      """;

  private static final Configuration RUNNING = Postures.configuration(FILE);

  private static Succession to(String file) {
    return Succession.of(RUNNING, Postures.configuration(file));
  }

  @Test
  void linesThatOnlyMovedChangeNothing() {
    Succession moved = to("# a comment\n\n" + FILE);
    assertThat(moved.next()).isEqualTo(RUNNING);
    assertThat(moved.lists()).isEmpty();
    assertThat(moved.settings()).isEmpty();
    assertThat(moved.needsRestart()).isEmpty();
    assertThat(moved.next().backends().get(0)).isSameAs(RUNNING.backends().get(0));
  }

  @Test
  void whatCameWentAndChangedIsNamed() {
    Succession other =
        to(
            FILE.replace("id: write", "id: new")
                .replace("path: \"/a\"", "path: \"/other\"")
                .replace(":8081", ":8082"));
    assertThat(other.lists().get("routes"))
        .isEqualTo(new Changed(List.of("new"), List.of("write"), List.of("read")));
    assertThat(other.lists().get("backends"))
        .isEqualTo(new Changed(List.of(), List.of(), List.of("orders")));
    assertThat(other.lists()).doesNotContainKey("dependencies");
    assertThat(other.next().dependencies().get(0)).isSameAs(RUNNING.dependencies().get(0));
    assertThat(other.next().backends().get(0).address().port()).isEqualTo(8082);
  }

  @Test
  void whatNeedsARestartIsNamedAndKeepsItsValue() {
    Succession other =
        to(
            FILE.replace("port: 8080, threads: 2", "port: 8090, threads: 3, host: 127.0.0.1")
                .replace("max-body: 1MiB", "max-buffered: 1MiB, max-memory: 64MiB, transport: nio")
                .replace("admin: { port: 9090", "admin: { port: 9091")
                .replace("data/sluice.db", "data/other.db"));
    assertThat(other.needsRestart())
        .containsExactlyInAnyOrder(
            "listen.host",
            "listen.port",
            "listen.transport",
            "listen.threads",
            "listen.max-buffered",
            "listen.max-memory",
            "admin",
            "store");
    assertThat(other.settings()).containsExactly("listen.max-body");
    assertThat(other.next().listen().port()).isEqualTo(8080);
    assertThat(other.next().listen().threads()).isEqualTo(2);
    assertThat(other.next().listen().host()).isEqualTo(RUNNING.listen().host());
    assertThat(other.next().listen().maxBuffered()).isEqualTo(RUNNING.listen().maxBuffered());
    assertThat(other.next().listen().maxBody()).isNotEqualTo(RUNNING.listen().maxBody());
    assertThat(other.next().admin()).isEqualTo(RUNNING.admin());
    assertThat(other.next().store()).isEqualTo(RUNNING.store());
  }

  @Test
  void aPortThatSpeaksNoTlsDoesNotBeginTo() {
    String file =
        FILE.replace(
            "threads: 2",
            "threads: 2, tls: { certificates: [ { chain: %1$s.pem, key: %1$s.key } ] }"
                .formatted("../config/src/test/resources/certificates/server"));
    Succession other = to(file);
    assertThat(other.needsRestart()).containsExactly("listen.tls");
    assertThat(other.next().listen().tls()).isNull();
  }

  @Test
  void everythingElseIsAppliedAndNamedAsInTheFile() {
    Succession other =
        to(
            FILE.replace("environment: test", "environment: staging")
                .replace("mode: enforce", "mode: observe")
                .replace("drain: 8s", "drain: 4s, trusted-proxies: [10.0.0.0/8]")
                .replace("cache: { max-bytes: 1MiB", "cache: { max-bytes: 2MiB")
                .concat(
                    "health: { base: /state, ready: { when-degraded: fail }, probing: { mode: piggyback } }\n")
                .concat("breaker: { failures: 7, trial-climbs: 2 }\n"));
    assertThat(other.settings())
        .containsExactly(
            "environment",
            "mode",
            "listen.drain",
            "listen.trusted-proxies",
            "health.base",
            "health.ready.when-degraded",
            "health.probing",
            "breaker.failures",
            "breaker.trial-climbs",
            "breaker.learning",
            "cache.max-bytes");
    assertThat(other.needsRestart()).isEmpty();
    assertThat(other.next().health().base()).isEqualTo("/state");
    assertThat(other.next().cacheBytes()).isEqualTo(2 << 20);
    assertThat(other.lists()).as("the routes inherit the mode").containsOnlyKeys("routes");
  }
}
