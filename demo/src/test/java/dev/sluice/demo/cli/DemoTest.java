package dev.sluice.demo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a user has it: commands typed into a pipe, requests from outside, lines read. */
@Timeout(240)
@Order(3)
class DemoTest {
  private static final String TEA = "{\"item\":\"tea\",\"quantity\":1}";

  /** One for all, so that PostgreSQL is unpacked once. */
  @TempDir static Path temporary;

  private final HttpClient client = HttpClient.newHttpClient();
  private DemoProcess demo;
  private ServerSocket taken;
  private String gateway;
  private int told;

  @BeforeEach
  void start() throws IOException {
    taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    String admin = Integer.toString(taken.getLocalPort());
    demo = DemoProcess.start(temporary, "--port", "0", "--admin-port", admin);
    await("the invitation")
        .atMost(Duration.ofSeconds(90))
        .until(() -> demo.text().contains("A first story") || !demo.alive());
    gateway = found("curl -i (http://127.0.0.1:[0-9]+)/api/orders\n");
  }

  @AfterEach
  void stop() throws IOException {
    demo.terminate();
    await("the end").atMost(Duration.ofSeconds(30)).until(() -> !demo.alive());
    demo.close();
    taken.close();
  }

  @Test
  void theWorldIsBrokenAndHealedByTyping() throws IOException {
    assertThat(post(gateway + "/api/orders", TEA).statusCode()).isEqualTo(201);
    assertThat(get(gateway + "/api/orders").body()).contains("tea");
    type("status", "mode full; breaker orders-db closed; PostgreSQL runs");

    type("break refuse db", "refuse on the way to the database alone");
    told("INFRASTRUCTURE server-refusing", "breaker of orders-db open", "mode db-degraded");
    HttpResponse<String> copy = get(gateway + "/api/orders");
    assertThat(copy.headers().firstValue("Cache-Status").orElse("")).contains("hit");
    String monitor = held();
    assertThat(get(gateway + monitor).body()).contains("queued");
    assertThat(get(gateway + "/health/orders").body()).contains("\"warn\"");
    type("status", "database refuse, control pass; 1 writes held; backend restarted 0 times");

    type("heal", "Healed: the network passes");
    told("orders-db is healthy", "mode full, was db-degraded");
    await("the release")
        .atMost(Duration.ofSeconds(60))
        .until(() -> get(gateway + monitor).body().contains("green tea"));

    type("kill", "PostgreSQL is killed");
    told("INFRASTRUCTURE server-refusing");
    told("mode db-degraded"); // before it, where the breaker was half-open and knew at once
    type("drop-table", "PostgreSQL does not run");
    type("heal", "Healed: PostgreSQL runs again, the network passes");
    told("mode full, was db-degraded");

    type("drop-table", "The table orders is gone");
    told("APPLICATION schema");
    type("restore-table", "back with its rows");
    told("orders-db is healthy");
    assertThat(demo.lines()).as("log lines").noneMatch(line -> line.startsWith("{"));
  }

  @Test
  void whatIsPrintedIsTrueAndOutlivesTheInput() throws IOException {
    String admin = found("(http://127.0.0.1:[0-9]+)/\n");
    assertThat(demo.text()).contains("Admin port " + taken.getLocalPort() + " is taken");
    assertThat(get(admin + "/").body()).contains("<title>Sluice: full");
    String token = found("Bearer ([0-9a-f]{32})");
    HttpRequest off =
        HttpRequest.newBuilder(URI.create(admin + "/-/passthrough?on=true"))
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.noBody())
            .build();
    assertThat(send(off).statusCode()).isEqualTo(200);
    assertThat(Path.of(found("Logs: (.*)\n"))).isNotEmptyFile();
    assertThat(Path.of(found("diagnose --config (.*)\n"))).isNotEmptyFile();
    assertThatThrownBy(() -> new Socket("127.0.0.2", URI.create(gateway).getPort()).close())
        .as("listens on 127.0.0.1 alone")
        .isInstanceOf(ConnectException.class);
    demo.endInput();
    await("another second after the end of input")
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> demo.alive() + " " + get(gateway + "/health/orders").statusCode(),
            "true 200"::equals);
  }

  @Test
  void itAnswersNonsenseWithHelpAndEndsOnQuit() throws IOException {
    type("nonsense", "There is no command nonsense; help lists them.");
    type("break everything", "Type break black-hole, refuse, silent, reset");
    type("help", "restore-table takes it back");
    demo.type("quit");
    await("the end").atMost(Duration.ofSeconds(30)).until(() -> !demo.alive());
    assertThat(demo.exitCode()).isZero();
    assertThat(demo.group()).isEmpty();
  }

  private void type(String command, String answer) throws IOException {
    told = demo.text().length();
    demo.type(command);
    told(answer);
  }

  /** Waits for these texts in this order, in what was printed since the last command. */
  private void told(String... texts) {
    Pattern pattern =
        Pattern.compile(
            String.join(".*", java.util.stream.Stream.of(texts).map(Pattern::quote).toList()),
            Pattern.DOTALL);
    await(String.join(", ", texts))
        .atMost(Duration.ofSeconds(60))
        .failFast("it ended", () -> !demo.alive())
        .until(() -> demo.text().substring(told), text -> pattern.matcher(text).find());
  }

  private String found(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(demo.text());
    assertThat(matcher.find()).as(demo.text()).isTrue();
    return matcher.group(1);
  }

  private String held() {
    HttpRequest change =
        HttpRequest.newBuilder(URI.create(gateway + "/api/orders/1"))
            .header("Prefer", "respond-async")
            .PUT(BodyPublishers.ofString(TEA.replace("tea", "green tea")))
            .build();
    HttpResponse<String> held = send(change);
    assertThat(held.statusCode()).as(held.body()).isEqualTo(202);
    return held.headers().firstValue("Location").orElseThrow();
  }

  private HttpResponse<String> get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)).build());
  }

  private HttpResponse<String> post(String url, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(body)).build());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
