package dev.sluice.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Configuration;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.identity.Issuer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operators whom Google names, on the port for requests; the keys are fetched over HTTP. */
@Timeout(60)
class GoogleOperatorsTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String GOOGLE = "https://accounts.google.com";
  private static final String IAP = "https://cloud.google.com/iap";
  private static final String AUDIENCE = "/projects/1/locations/europe/services/orders";
  private static final String ANA = "ana@example.com";

  private Issuer issuer;
  private Gateway gateway;

  @BeforeEach
  void issue() throws Exception {
    issuer = new Issuer();
  }

  @AfterEach
  void stop() {
    gateway.close();
    issuer.close();
  }

  private void start(String auth, String operators) {
    Configuration configuration =
        Postures.configuration(
            """
            environment: demo
            listen: { port: 0, host: 127.0.0.1, threads: 1, drain: 100ms, drain-notice: 1ms }
            admin: { on: main, auth: %s, audience: "%s", keys: "%s"%s }
            """
                .formatted(auth, AUDIENCE, issuer.config().keys(), operators));
    gateway = Gateway.start(configuration);
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  private static int status(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private int page(String header, String value) throws Exception {
    return status(to("/.sluice/metrics").header(header, value));
  }

  private HttpRequest.Builder change(String header, String value) {
    return to("/.sluice/-/passthrough?on=false")
        .POST(BodyPublishers.noBody())
        .header(header, value);
  }

  private void known(String header, String value) {
    await().atMost(Duration.ofSeconds(20)).until(() -> page(header, value) == 200);
  }

  @Test
  void anIdTokenOfAnOperatorOpensThem() throws Exception {
    start("google-id-token", ", operators: [ana@example.com, \"*@ops.example\"]");
    String ana = "Bearer " + issuer.naming(GOOGLE, AUDIENCE, "Ana@Example.com", true);
    known("Authorization", ana);
    assertThat(status(change("Authorization", ana))).isEqualTo(200);
    String other = "Bearer " + issuer.naming(GOOGLE, AUDIENCE, "bo@ops.example", true);
    assertThat(page("Authorization", other)).isEqualTo(200);
    for (String nobody :
        new String[] {
          issuer.naming(GOOGLE, AUDIENCE, "eve@example.com", true),
          issuer.naming(GOOGLE, AUDIENCE, "eve@sub.ops.example", true),
          issuer.naming(GOOGLE, AUDIENCE, ANA, false),
          issuer.naming(GOOGLE, AUDIENCE, ANA, null),
          issuer.naming(GOOGLE, "another", ANA, true),
          issuer.naming(IAP, AUDIENCE, ANA, true),
          "guess"
        }) {
      assertThat(page("Authorization", "Bearer " + nobody)).as(nobody).isEqualTo(401);
      assertThat(status(change("Authorization", "Bearer " + nobody))).isEqualTo(401);
    }
    assertThat(status(to("/.sluice/metrics"))).isEqualTo(401);
    String assertion = issuer.naming(GOOGLE, AUDIENCE, ANA, true);
    assertThat(page("X-Goog-IAP-JWT-Assertion", assertion)).isEqualTo(401);
  }

  @Test
  void soDoesWhatIapAsserts() throws Exception {
    start("iap", "");
    String header = "X-Goog-IAP-JWT-Assertion";
    String ana = issuer.naming(IAP, AUDIENCE, ANA, null);
    known(header, ana);
    assertThat(page(header, issuer.naming(GOOGLE, AUDIENCE, ANA, true))).isEqualTo(403);
    assertThat(page(header, issuer.naming(IAP, "another", ANA, null))).isEqualTo(403);
    assertThat(page("Authorization", "Bearer " + ana)).isEqualTo(403);
    assertThat(page("X-Goog-Authenticated-User-Email", ANA)).as("unsigned").isEqualTo(403);
    assertThat(status(change(header, ana))).as("no browser").isEqualTo(200);
    assertThat(status(change(header, ana).header("Sec-Fetch-Site", "same-origin"))).isEqualTo(200);
    assertThat(status(change(header, ana).header("Sec-Fetch-Site", "cross-site")))
        .as("another site has the browser do it")
        .isEqualTo(403);
  }

  @Test
  void whomIapLetsThroughMayStillBeNoOperator() throws Exception {
    start("iap", ", operators: [ana@example.com]");
    String header = "X-Goog-IAP-JWT-Assertion";
    known(header, issuer.naming(IAP, AUDIENCE, ANA, null));
    HttpResponse<String> refused =
        CLIENT.send(
            to("/.sluice/")
                .header(header, issuer.naming(IAP, AUDIENCE, "bo@example.com", null))
                .build(),
            BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("an operator whom Identity-Aware Proxy names");
  }
}
