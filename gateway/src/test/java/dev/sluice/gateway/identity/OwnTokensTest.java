package dev.sluice.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.Backend;
import dev.sluice.gateway.health.Postures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens from a metadata server that is a real HTTP server. */
final class OwnTokensTest {
  private static final Backend BACKEND =
      Postures.configuration(
              Postures.YAML.replace(
                  "depends-on: [orders-db]",
                  "depends-on: [orders-db], auth: { audience: \"https://orders.example/a b?c\" }"
                      .replace("a b", "a+b")))
          .backends()
          .get(0);

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private Issuer issuer;
  private HttpServer metadata;
  private OwnTokens tokens;
  private volatile Duration life = Duration.ofHours(1);
  private volatile int status = 200;
  private volatile Duration ahead = Duration.ZERO;

  @BeforeEach
  void start() throws Exception {
    issuer = new Issuer();
    metadata = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    metadata.createContext("/", this::answer);
    metadata.start();
    URI at = URI.create("http://127.0.0.1:" + metadata.getAddress().getPort());
    tokens = new OwnTokens(at, () -> Instant.now().plus(ahead));
  }

  @AfterEach
  void stop() {
    tokens.close();
    metadata.stop(0);
    issuer.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(
          exchange.getRequestHeaders().getFirst("Metadata-Flavor")
              + " "
              + exchange.getRequestURI().getRawPath()
              + "?"
              + exchange.getRequestURI().getQuery());
      byte[] token =
          issuer
              .token("gateway", "https://accounts.google.com", "number " + asked.size(), life)
              .getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(status, token.length);
      exchange.getResponseBody().write(token);
    } catch (JOSEException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aTokenIsFetchedForTheAudience() {
    tokens.prepare(List.of(BACKEND));
    await().until(() -> tokens.of(BACKEND).isPresent());
    assertThat(asked)
        .containsExactly(
            "Google /computeMetadata/v1/instance/service-accounts/default/identity"
                + "?format=full&audience=https://orders.example/a+b?c");
    tokens.prepare(List.of(BACKEND));
    assertThat(asked).as("asked once").hasSize(1);
  }

  @Test
  void itIsRenewedFourMinutesBeforeItEnds() {
    life = Duration.ofMinutes(4).plusSeconds(2);
    tokens.prepare(List.of(BACKEND));
    await().until(() -> tokens.of(BACKEND).isPresent());
    String first = tokens.of(BACKEND).orElseThrow();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !tokens.of(BACKEND).orElseThrow().equals(first));
    assertThat(asked).hasSizeGreaterThan(1);
  }

  @Test
  void oneThatHasEndedIsNotShown() {
    tokens.prepare(List.of(BACKEND));
    await().until(() -> tokens.of(BACKEND).isPresent());
    ahead = Duration.ofHours(2);
    assertThat(tokens.of(BACKEND)).isEmpty();
  }

  @Test
  void aMetadataServerThatFailsIsAskedAgain() {
    status = 500;
    tokens.prepare(List.of(BACKEND));
    await().until(() -> !asked.isEmpty());
    assertThat(tokens.of(BACKEND)).isEmpty();
    status = 200;
    await().atMost(Duration.ofSeconds(10)).until(() -> tokens.of(BACKEND).isPresent());
  }

  @Test
  void backendsThatWantNoneAreShownNone() {
    Backend plain = Postures.configuration(Postures.YAML).backends().get(0);
    tokens.prepare(List.of(plain));
    assertThat(tokens.of(plain)).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void theServerIsWhereTheEnvironmentSays() {
    assertThat(OwnTokens.metadata(name -> null)).isEqualTo(URI.create("http://169.254.169.254"));
    assertThat(OwnTokens.metadata(name -> name.equals("GCE_METADATA_HOST") ? "127.0.0.1:9" : null))
        .isEqualTo(URI.create("http://127.0.0.1:9"));
  }
}
