package dev.sluice.demo.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.tour.Stand;
import dev.sluice.probes.mode.ServiceMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where one port is all there is, the operators' pages are on it, and closed without the token. */
@Timeout(120)
class OperatorsOnMainTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Stand stand;

  @BeforeAll
  static void start() {
    stand =
        Stand.start(0, 0, (world, text) -> text.replace("admin: { on: port", "admin: { on: main"));
    await().atMost(PATIENCE).until(() -> stand.gateway().posture().mode() == ServiceMode.FULL);
  }

  @AfterAll
  static void stop() {
    stand.close();
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stand.gateway().port() + path))
        .timeout(PATIENCE);
  }

  private static String bearer() {
    return "Bearer " + stand.world().adminToken();
  }

  private static String basic(String password) {
    byte[] credentials = ("operator:" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(String path, String authorization) throws Exception {
    return send(to(path).header("Authorization", authorization));
  }

  @Test
  void nothingIsShownWithoutTheToken() throws Exception {
    for (String path : new String[] {"/.sluice/", "/.sluice/metrics", "/.sluice/verdict"}) {
      HttpResponse<String> nobody = send(to(path));
      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(nobody.headers().firstValue("www-authenticate"))
          .contains("Basic realm=\"sluice\"");
      assertThat(get(path, "Bearer guess").statusCode()).isEqualTo(401);
      assertThat(get(path, basic("guess")).statusCode()).isEqualTo(401);
      assertThat(get(path, "Basic %%%").statusCode()).isEqualTo(401);
    }
    HttpResponse<String> there = send(to("/.sluice"));
    assertThat(there.statusCode()).isEqualTo(308);
    assertThat(there.headers().firstValue("location")).contains("/.sluice/");
  }

  @Test
  void withTheTokenEverythingIsThere() throws Exception {
    for (String authorization : new String[] {bearer(), basic(stand.world().adminToken())}) {
      HttpResponse<String> page = get("/.sluice/", authorization);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("<h1").contains("href=metrics").doesNotContain("href=/");
      assertThat(get("/.sluice/metrics", authorization).body()).contains("sluice_breaker_state");
      assertThat(get("/.sluice/cache?prefix=none", authorization).statusCode()).isEqualTo(200);
    }
  }

  /** A browser sends Basic along with whatever another site has it send. */
  @Test
  void changesTakeTheBearersTokenAlone() throws Exception {
    HttpRequest.Builder switched =
        to("/.sluice/-/passthrough?on=false").POST(HttpRequest.BodyPublishers.noBody());
    assertThat(send(switched.copy()).statusCode()).isEqualTo(401);
    String browser = basic(stand.world().adminToken());
    assertThat(send(switched.copy().header("Authorization", browser)).statusCode()).isEqualTo(401);
    assertThat(send(switched.copy().header("Authorization", "Bearer guess")).statusCode())
        .isEqualTo(401);
    HttpResponse<String> done = send(switched.copy().header("Authorization", bearer()));
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.body()).isEqualTo("{\"passthrough\":false}");
  }

  @Test
  void whatIsPublicStaysSo() throws Exception {
    assertThat(send(to("/.sluice/notice")).statusCode()).isEqualTo(200);
    assertThat(send(to("/.sluice/writes/" + "0".repeat(32))).statusCode()).isEqualTo(404);
    assertThat(send(to("/health/live")).statusCode()).isEqualTo(200);
    assertThat(send(to("/api/orders")).statusCode()).isEqualTo(200);
  }

  @Test
  void thePageIsLive() throws Exception {
    HttpRequest listen = to("/.sluice/events").header("Authorization", bearer()).build();
    HttpResponse<InputStream> events = CLIENT.send(listen, BodyHandlers.ofInputStream());
    assertThat(events.statusCode()).isEqualTo(200);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).startsWith("data: {");
      stand.world().databaseProxy().mode(Mode.REFUSE);
      assertThat(until(lines, "orders-db")).contains("orders-db");
    } finally {
      stand.world().databaseProxy().mode(Mode.PASS);
    }
    // The backend's pool may still hold connections that were cut.
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                send(to("/api/orders")).statusCode() == 200
                    && stand.gateway().posture().mode() == ServiceMode.FULL);
  }

  private static String until(BufferedReader lines, String word) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.contains(word)) {
      line = lines.readLine();
    }
    return line;
  }
}
