package dev.sluice.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.TokenIssuer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdentitiesTest {
  private Issuer issuer;
  private Identities identities;
  private volatile Duration ahead = Duration.ZERO;

  @BeforeEach
  void start() throws Exception {
    issuer = new Issuer();
    identities =
        Identities.of(issuer.config(), () -> Instant.now().plus(ahead), own -> Optional.empty());
    String first = "Bearer " + issuer.token("ann");
    await().atMost(Duration.ofSeconds(10)).until(() -> identities.claim(first, "sub") != null);
  }

  @AfterEach
  void stop() {
    identities.close();
    issuer.close();
  }

  private String subject(String token) {
    return identities.claim("Bearer " + token, "sub");
  }

  @Test
  void aTokenOfTheIssuerTellsItsSubject() throws Exception {
    assertThat(subject(issuer.token("bob"))).isEqualTo("bob");
    assertThat(identities.claim("bearer " + issuer.token("bob"), "iss")).contains("issuer");
    assertThat(identities.claim("Bearer " + issuer.token("bob"), "email")).isNull();
  }

  @Test
  void noOtherIsBelieved() throws Exception {
    Duration left = Duration.ofMinutes(5);
    String good = issuer.token("ann");
    assertThat(subject(issuer.token("ann", "https://other.example", "orders", left))).isNull();
    assertThat(subject(issuer.token("ann", "https://issuer.example", "billing", left))).isNull();
    assertThat(subject(issuer.token("ann", "https://issuer.example", "orders", left.negated())))
        .isNull();
    assertThat(subject(issuer.confused("ann"))).isNull();
    assertThat(subject(good.substring(0, good.length() - 6) + "AAAAAA")).isNull();
    assertThat(subject("eyJhbGciOiJub25lIn0." + good.split("\\.", -1)[1] + "."))
        .as("alg none")
        .isNull();
    assertThat(subject("x".repeat(20_000))).isNull();
    assertThat(identities.claim(null, "sub")).isNull();
    assertThat(identities.claim("Basic YTpi", "sub")).isNull();
    try (Issuer stranger = new Issuer()) {
      assertThat(subject(stranger.token("ann"))).as("the same key id, another key").isNull();
    }
  }

  @Test
  void whatWasVerifiedExpiresAllTheSame() throws Exception {
    String token = issuer.token("ann");
    assertThat(subject(token)).isEqualTo("ann");
    ahead = Duration.ofMinutes(6);
    assertThat(subject(token)).isNull();
  }

  @Test
  void withoutKeysNobodyIsKnown() throws Exception {
    TokenIssuer away =
        new TokenIssuer("https://issuer.example", "orders", URI.create("http://127.0.0.1:1/keys"));
    try (Identities unknown = Identities.of(away, Instant::now, own -> Optional.empty());
        Identities none = Identities.none()) {
      assertThat(unknown.claim("Bearer " + issuer.token("ann"), "sub")).isNull();
      assertThat(none.claim("Bearer " + issuer.token("ann"), "sub")).isNull();
    }
  }
}
