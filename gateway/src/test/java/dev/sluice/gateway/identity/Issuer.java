package dev.sluice.gateway.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.TokenIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Issues tokens, and shows its public key over HTTP. */
public final class Issuer implements AutoCloseable {
  private static final String NAME = "https://issuer.example";

  private final RSAKey key;
  private final HttpServer server;

  /** With a key of its own. */
  public Issuer() throws IOException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("one").generate();
    byte[] shown = new JWKSet(key).toString(true).getBytes(StandardCharsets.UTF_8);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.createContext(
        "/keys",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, shown.length);
            exchange.getResponseBody().write(shown);
          }
        });
    server.start();
  }

  /** As the route file names it. */
  public TokenIssuer config() {
    URI keys = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
    return new TokenIssuer(NAME, "orders", keys);
  }

  /** A good one. */
  public String token(String subject) throws JOSEException {
    return token(subject, NAME, "orders", Duration.ofMinutes(5));
  }

  String token(String subject, String issuer, String audience, Duration left) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(),
            claims(subject, issuer, audience, left));
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  /**
   * As this issuer says it of one with an e-mail address; of Google it says whether it is theirs.
   */
  public String naming(String issuer, String audience, String email, @Nullable Boolean confirmed)
      throws JOSEException {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder(claims("1", issuer, audience, Duration.ofMinutes(5)))
            .claim("email", email);
    if (confirmed != null) {
      claims.claim("email_verified", confirmed);
    }
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), claims.build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  /** Signed with the public key as if that were a shared secret. */
  String confused(String subject) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(),
            claims(subject, NAME, "orders", Duration.ofMinutes(5)));
    token.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
    return token.serialize();
  }

  private static JWTClaimsSet claims(
      String subject, String issuer, String audience, Duration left) {
    return new JWTClaimsSet.Builder()
        .subject(subject)
        .issuer(issuer)
        .audience(audience)
        .expirationTime(Date.from(Instant.now().plus(left)))
        .build();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
