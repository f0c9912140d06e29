package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets of the files and of clients are planted wherever there is a place for them, and looked
 * for in everything that a gateway in an outage says: its log at its most talkative, each of its
 * pages, and what a client is answered that is refused. Nothing listens where it would send to.
 */
@Timeout(120)
class SecretsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String PLANTED = "pLaNtEd";
  private static final Pattern PORT = Pattern.compile("sluice listens on 127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern ADMIN =
      Pattern.compile("status page: http://127\\.0\\.0\\.1:(\\d+)");
  private static final String ROUTES =
      """
      environment: test
      listen: { port: 0, host: 127.0.0.1 }
      admin: { port: 0, token: "%1$s-admin-token", agent-token: "%1$s-agent-token", public-page: true }
      store: { url: "sqlite:%2$s", key: "%1$sAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", accept-volatile: true }
      access-log: { lines: all }
      breaker: { trial-climbs: 1, recovery: 500ms, learning: { mode: off } }
      telemetry:
        otlp: "http://127.0.0.1:1"
        headers: { Authorization: "Bearer %1$s-otlp" }
        traces: { one-in: 1 }
        metrics: { every: 1s }
      alerts:
        receivers:
          - { id: hook, type: webhook, url: "http://127.0.0.1:1/%1$s-hook-path?token=%1$s-hook", key: "%1$s-webhook-key" }
          - { id: talk, type: slack, url: "http://127.0.0.1:1/services/%1$s-slack" }
          - { id: page, type: pagerduty, url: "http://127.0.0.1:1/v2/enqueue", key: "%1$s-routing-key" }
        teams:
          - { id: infrastructure, receivers: [hook, talk, page] }
          - { id: development, receivers: [hook, talk, page] }
        after: 1s
      dependencies:
        - { id: db, type: postgresql, url: "postgresql://sluice:%1$s-password@127.0.0.1:1/shop" }
        - { id: redis, type: redis, url: "redis://:%1$s-redis@127.0.0.1:1" }
      backends:
        - { id: app, url: "http://127.0.0.1:1", depends-on: [db, redis] }
      routes:
        - id: writes
          match: { path: "/orders/**", methods: [POST] }
          backend: app
          writes: { principal: header(X-User), replay-as: client, ttl: 1h }
        - { id: all, match: { path: "/**" }, backend: app }
      """;

  private static final String[] PAGES = {
    "/",
    "/health",
    "/verdict",
    "/dependencies",
    "/queue",
    "/cache",
    "/alerts",
    "/outages",
    "/metrics",
    "/recording",
    "/processes",
    "/-/reload",
    "/-/passthrough",
    "/nothing?token=" + PLANTED + "-query"
  };

  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(
        request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder to(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static int found(Path log, Pattern pattern) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(log));
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  @Test
  void nothingThatIsSaidHoldsASecret(@TempDir Path folder) throws Exception {
    Path routes = folder.resolve("routes.yaml");
    Path log = folder.resolve("log.txt");
    Files.writeString(routes, ROUTES.formatted(PLANTED, folder.resolve("sluice.db")));
    Map<String, String> said = new TreeMap<>();
    try (RunProcess gateway = RunProcess.talking(log, "run", "--config", routes.toString())) {
      await().atMost(PATIENCE).until(() -> found(log, PORT) > 0 && found(log, ADMIN) > 0);
      int port = found(log, PORT);
      int admin = found(log, ADMIN);
      await("the outage is known")
          .atMost(PATIENCE)
          .until(() -> send(to(admin, "/verdict")).body().contains("infrastructure"));
      clients(port, said);
      await("alerts were tried")
          .atMost(PATIENCE)
          .until(() -> Files.readString(log).contains("talk"));
      await("spans were tried")
          .atMost(PATIENCE)
          .until(() -> Files.readString(log).contains("spans are dropped"));
      pages(admin, said);
      gateway.terminate();
      assertThat(gateway.exit(PATIENCE)).isZero();
    }
    said.put("the log", Files.readString(log));
    assertThat(said.get("the log")).contains("\"severity\":\"DEBUG\"", "\"httpRequest\"");
    said.forEach((where, text) -> assertThat(text).as(where).doesNotContain(PLANTED));
    Path effective = folder.resolve("effective.txt");
    try (RunProcess check =
        RunProcess.talking(effective, "check", "--config", routes.toString(), "--effective")) {
      assertThat(check.exit(PATIENCE)).isZero();
    }
    assertThat(Files.readString(effective)).contains("routes:").doesNotContain(PLANTED);
  }

  private HttpResponse<String> ask(int port, String method) throws Exception {
    return send(
        to(port, "/orders/7?access_token=" + PLANTED + "-query")
            .header("Authorization", "Bearer " + PLANTED + "-bearer")
            .header("Cookie", "session=" + PLANTED + "-cookie")
            .header("X-User", "anna")
            .header("X-Api-Key", PLANTED + "-api-key")
            .header("Prefer", "respond-async")
            .method(method, HttpRequest.BodyPublishers.ofString("card=" + PLANTED + "-card")));
  }

  private void clients(int port, Map<String, String> said) throws Exception {
    await("writes are held").atMost(PATIENCE).until(() -> ask(port, "POST").statusCode() == 202);
    for (String method : new String[] {"GET", "POST", "PUT"}) {
      HttpResponse<String> answer = ask(port, method);
      said.put(method, answer.statusCode() + " " + answer.headers().map() + answer.body());
    }
    assertThat(said.get("POST")).startsWith("202");
    assertThat(said.get("GET")).startsWith("50");
    for (String path : new String[] {"/health", "/.sluice/notice", "/.sluice/status"}) {
      HttpResponse<String> answer = send(to(port, path));
      said.put(path, answer.statusCode() + " " + answer.headers().map() + answer.body());
    }
    assertThat(said.get("/.sluice/status")).startsWith("200").contains("<h1>");
  }

  private void pages(int admin, Map<String, String> said) throws Exception {
    for (String path : PAGES) {
      HttpResponse<String> answer = send(to(admin, path));
      said.put("admin " + path, answer.headers().map() + answer.body());
    }
    HttpResponse<String> refused =
        send(
            to(admin, "/-/passthrough")
                .header("Authorization", "Bearer " + PLANTED + "-guess")
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(refused.statusCode()).isBetween(401, 403);
    said.put("a refusal", refused.headers().map() + refused.body());
    Matcher outage =
        Pattern.compile("\"id\":\"([^\"]+)\"").matcher(send(to(admin, "/outages")).body());
    assertThat(outage.find()).isTrue();
    said.put("a report", send(to(admin, "/outages/" + outage.group(1) + ".md")).body());
    assertThat(said.get("a report")).contains("db");
  }
}
