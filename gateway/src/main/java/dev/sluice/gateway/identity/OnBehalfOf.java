package dev.sluice.gateway.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.config.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * Says on whose behalf the gateway sends a write that it held: a JWT (RFC 7519) signed with HS256.
 * Its claims: {@code iss} is {@code sluice}, {@code aud} the backend's id, {@code jti} the write's,
 * {@code sub} the principal where there is one, and it holds for five minutes.
 */
public final class OnBehalfOf {
  /** The header that carries it. */
  public static final String HEADER = "Sluice-On-Behalf-Of";

  private static final Duration HOLDS = Duration.ofMinutes(5);

  private OnBehalfOf() {}

  /** The header's value. */
  public static String of(
      Secret key, String backendId, String writeId, @Nullable String principal, Instant now) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer("sluice")
            .audience(backendId)
            .jwtID(writeId)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(HOLDS)));
    if (principal != null) {
      claims.subject(principal);
    }
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
    try {
      token.sign(new MACSigner(key.reveal().getBytes(StandardCharsets.UTF_8)));
    } catch (JOSEException e) {
      throw new IllegalStateException("the key is long enough for HS256", e);
    }
    return token.serialize();
  }
}
