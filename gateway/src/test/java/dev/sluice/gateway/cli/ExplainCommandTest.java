package dev.sluice.gateway.cli;

import static dev.sluice.gateway.cli.Typed.typed;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainCommandTest {
  private static final String ROUTES =
      """
      environment: demo
      store: { url: "sqlite:./data/sluice.db", accept-volatile: true }
      health: { base: /status }
      dependencies: [ { id: db, type: tcp, url: "tcp://10.0.0.1:5432" } ]
      backends:
        - id: orders
          url: "http://127.0.0.1:8081"
          depends-on: [db]
          health: { path: /health }
      routes:
        - { id: state, match: { path: /orders-health }, backend: orders, kind: health }
        - { id: watched, match: { path: /watched }, backend: orders, mode: observe }
        - { id: free, match: { path: /free }, backend: orders, uses: [] }
        - id: read
          match: { path: "/orders/**", methods: [GET] }
          backend: orders
          reads: { principal: public }
        - id: write
          match: { path: "/orders/*", methods: [PUT, POST] }
          backend: orders
          writes: { principal: public, replay-as: gateway }
        - id: keyed
          match: { path: /keyed, methods: [POST] }
          backend: orders
          mode: observe
          writes: { principal: public, replay-as: gateway, accept: always, require-key: true }
        - id: changed
          match: { path: "/changed/**" }
          backend: orders
          filters: [ { strip-prefix: /changed }, { host: backend } ]
          websocket: {}
        - id: moved
          match: { path: /moved }
          backend: orders
          filters: [ { redirect: { to: "https://new.example{path}{query}" } } ]
      """;

  @TempDir Path folder;
  private String file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("routes.yaml"), ROUTES).toString();
  }

  private Typed explain(String method, String url) {
    return typed("explain", method, url, "--config", file);
  }

  /** The lines of all states, each space run as one. */
  private List<String> states(String method, String url) {
    Typed told = explain(method, url);
    assertThat(told.exit()).isZero();
    return told.out()
        .lines()
        .filter(line -> line.startsWith("  "))
        .map(line -> line.strip().replaceAll(" +", " "))
        .toList();
  }

  @Test
  void theBackendIsNamedWithItsAddress() {
    assertThat(explain("GET", "/orders/1").out())
        .contains("-> backend orders at http://127.0.0.1:8081, needs [db]");
  }

  @Test
  void whatStillWorksWithoutADependencyIsToldRouteByRoute() {
    Typed told = typed("explain", "--without", "db", "--config", file);
    assertThat(told.exit()).isZero();
    assertThat(told.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
        .contains(
            "without db:",
            "free all methods as ever",
            "moved all methods answered by the gateway itself",
            "as ever: state, free, moved",
            "from copies: read",
            "held: write",
            "refused: watched, keyed, changed")
        .anyMatch(
            line ->
                line.startsWith("read GET answered from the stored copy, up to 24 h old; without")
                    && line.endsWith(
                        "503, the backend's dependency is down, and no copy of this answer is stored"))
        .anyMatch(
            line ->
                line.startsWith("write POST, PUT 503")
                    && line.endsWith("held durably, 202 (for 24 h)"));
  }

  @Test
  void withoutABackendNothingOfItsOwnWorks() {
    Typed told = typed("explain", "--without", "orders,db", "--config", file);
    assertThat(told.out()).contains("as ever: state, moved").contains("refused: watched, free");
  }

  @Test
  void whatIsNotKnownCannotBeMissed() {
    Typed told = typed("explain", "--without", "dp", "--config", file);
    assertThat(told.exit()).isEqualTo(2);
    assertThat(told.err()).contains("nothing has the id 'dp'; known are db, orders");
    assertThat(typed("explain", "--config", file).err()).contains("--without ID");
  }

  @Test
  void whatFiltersMakeOfItIsTold() {
    assertThat(explain("GET", "/changed/a?b=1").out())
        .contains("the backend is asked for /a?b=1, its Host is 127.0.0.1:8081")
        .contains("WebSockets pass");
    assertThat(explain("GET", "/moved?b=1").out())
        .contains("always: 308 to https://new.example/moved?b=1");
  }

  @Test
  void aReadIsToldForEachModeWithAndWithoutACopy() {
    String refused = "503, the backend's dependency is down, and no copy of this answer is stored";

    assertThat(states("GET", "http://h/orders/1?x=1"))
        .containsExactly(
            "full: forwarded",
            "db-degraded, no copy stored: " + refused,
            "db-degraded, copy stored: answered from the stored copy",
            "infra-failure, no copy stored: " + refused,
            "infra-failure, copy stored: answered from the stored copy",
            "backend down, no copy stored: " + refused,
            "backend down, copy stored: answered from the stored copy",
            "passthrough: forwarded");
  }

  @Test
  void aWriteIsToldWithAndWithoutWhatItMaySay() {
    assertThat(states("PUT", "/orders/1"))
        .contains(
            "full: forwarded",
            "full, Prefer: respond-async: forwarded; held durably if that fails",
            "db-degraded: 503, down at the moment;"
                + " with Prefer: respond-async the write is kept",
            "db-degraded, Prefer: respond-async: held durably, 202",
            "backend down by its own fault, Prefer: respond-async:"
                + " 503, the application is at fault, so writes are not kept",
            "database read-only, Prefer: respond-async: held durably, 202",
            "older writes wait, Prefer: respond-async: held durably, 202",
            "passthrough: forwarded")
        .noneMatch(line -> line.contains("Idempotency-Key"));
    assertThat(states("POST", "/orders/1"))
        .contains(
            "full, Prefer: respond-async: forwarded",
            "full, both: forwarded; held durably if that fails");
  }

  @Test
  void anObservingRouteForwardsAndSaysWhatItWouldDo() {
    assertThat(states("GET", "/watched"))
        .contains(
            "full: forwarded",
            "db-degraded: forwarded"
                + " (would be: 503, the backend's dependency is down,"
                + " and no copy of this answer is stored)");
    assertThat(states("POST", "/keyed"))
        .contains(
            "db-degraded: forwarded (would be: 400, send an Idempotency-Key header)",
            "db-degraded, Idempotency-Key: forwarded (would be: held durably, 202)");
  }

  @Test
  void aRouteWithoutNeedsIsForwardedWhileTheDatabaseIsDown() {
    assertThat(states("GET", "/free"))
        .contains("db-degraded: forwarded", "infra-failure: forwarded")
        .anyMatch(line -> line.startsWith("backend down: 503"));
  }

  @Test
  void aHealthRouteIsAnsweredInEveryState() {
    assertThat(states("GET", "/orders-health"))
        .hasSize(5)
        .allMatch(line -> line.contains(": answered by the gateway"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /status, full health report",
    "GET, /status/ready, readiness",
    "HEAD, https://h/status/live?x, process lives",
    "GET, /status/startup, started",
    "DELETE, /.sluice/writes/0123, held write",
    "OPTIONS, *, methods"
  })
  void whatTheGatewayAnswersItselfIsRecognised(String method, String url, String answer) {
    Typed told = explain(method, url);

    assertThat(told.exit()).isZero();
    assertThat(told.out()).startsWith("the gateway's own answer: ").contains(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nowhere, 404",
    "GET, /.sluice/other, 404",
    "DELETE, /orders/1, '405: no route takes this method here, only GET, POST, PUT'",
    "TRACE, /free, 405: TRACE is not served",
    "GET, /orders/../x, '400: the path has a . or .. segment'",
    "GET, http://h/orders//x, '400: the path has an empty segment'",
    "GET, /orders/é, '400: the path has a character that must be encoded'"
  })
  void whatNoRouteTakesIsExitThree(String method, String url, String answer) {
    Typed told = explain(method, url);

    assertThat(told.exit()).isEqualTo(Exit.NO_ROUTE);
    assertThat(told.out()).startsWith(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, mailto:x, is neither a path nor an http URL",
    "GET, ht!tp://[, is neither a path nor an http URL",
    "GET, http://[, has no host that can be read",
    "GET, http://user@h/, has no host that can be read",
    "GET, http:///x, has no host that can be read",
    "GET, api/orders, 'begins with no slash: write /api/orders'",
    "GET, localhost:8080/x, begins with no slash",
    "get, /free, methods are written in capitals: GET",
    "G=T, /free, is no method"
  })
  void whatIsNoRequestIsExitTwoWithASentence(String method, String url, String sentence) {
    Typed told = explain(method, url);

    assertThat(told.exit()).isEqualTo(Exit.USAGE);
    assertThat(told.out()).isEmpty();
    assertThat(told.err()).startsWith("sluice: ").contains(sentence).doesNotContain("\tat ");
  }
}
