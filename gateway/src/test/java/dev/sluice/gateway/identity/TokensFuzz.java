package dev.sluice.gateway.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.sluice.config.TokenIssuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Tokens that nobody signed: none is believed, and none does harm. */
public final class TokensFuzz {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final TokenVerifier VERIFIER =
      new TokenVerifier(
          new TokenIssuer("https://issuer", "shop", URI.create("https://issuer/keys")));
  private static final JWKSet KEYS = keys();

  private TokensFuzz() {}

  private static JWKSet keys() {
    try {
      return new JWKSet(
          List.of(
              new RSAKeyGenerator(2048).keyID("rsa").generate(),
              new ECKeyGenerator(Curve.P_256).keyID("ec").generate()));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String token = new String(input, StandardCharsets.ISO_8859_1);
    if (VERIFIER.verify(token, KEYS, NOW) != null) {
      throw new AssertionError("believed: " + token);
    }
    TokenVerifier.expires(token);
  }
}
