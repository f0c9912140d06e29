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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asked for it hears of every write's end, also of those that nobody sent. */
@Timeout(120)
class WithdrawnTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Pattern PORT = Pattern.compile("sluice listens on 127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern ADMIN =
      Pattern.compile("status page: http://127\\.0\\.0\\.1:(\\d+)");
  private static final String ROUTES =
      """
      environment: test
      listen: { port: 0, host: 127.0.0.1 }
      admin: { port: 0, token: an-operators-own-token }
      store:
        url: "sqlite:%s"
        key: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
        accept-volatile: true
      dependencies:
        - { id: db, type: postgresql, url: "postgresql://sluice@127.0.0.1:1/shop" }
      backends:
        - { id: app, url: "%s", depends-on: [db] }
      routes:
        - id: all
          match: { path: "/**" }
          backend: app
          writes:
            principal: public
            replay-as: gateway
            notify: { url: "%s", key: a-key-of-sixteen-letters }
      """;

  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> send(String method, int port, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer an-operators-own-token")
            .header("Prefer", "respond-async")
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.ofString("{}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static int found(Path log, Pattern pattern) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(log));
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private String held(int port, String path) throws Exception {
    await("writes are held")
        .atMost(PATIENCE)
        .until(() -> send("PUT", port, "/warm-up").statusCode() == 202);
    HttpResponse<String> answer = send("PUT", port, path);
    assertThat(answer.statusCode()).isEqualTo(202);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  @Test
  void whatItsOwnerOrAnOperatorWithdrewIsTold(@TempDir Path folder) throws Exception {
    Path routes = folder.resolve("routes.yaml");
    Path log = folder.resolve("log.txt");
    try (Receiver receiver = new Receiver();
        Receiver backend = new Receiver()) {
      Files.writeString(
          routes,
          ROUTES.formatted(
              folder.resolve("sluice.db"),
              backend.url().replaceFirst("/$", ""),
              receiver.url() + "ended"));
      try (RunProcess gateway = RunProcess.talking(log, "run", "--config", routes.toString())) {
        await().atMost(PATIENCE).until(() -> found(log, PORT) > 0 && found(log, ADMIN) > 0);
        int port = found(log, PORT);
        String own = held(port, "/orders/1");
        String other = held(port, "/orders/2");
        assertThat(send("DELETE", port, own).statusCode()).as("by its owner").isEqualTo(200);
        String id = other.substring(other.lastIndexOf('/') + 1);
        HttpResponse<String> discarded = send("DELETE", found(log, ADMIN), "/queue/" + id);
        assertThat(discarded.statusCode()).as(discarded.body()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> receiver.came.size() == 2);
        assertThat(List.copyOf(receiver.came))
            .extracting(
                came ->
                    came.json().path("target").asString() + came.json().path("state").asString())
            .containsExactlyInAnyOrder("/orders/1cancelled", "/orders/2cancelled");
        gateway.terminate();
        assertThat(gateway.exit(PATIENCE)).isZero();
      }
    }
  }
}
