package dev.sluice.gateway.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.config.TokenIssuer;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a token is its issuer's, for this gateway's audience, and valid now (RFC 7519, section
 * 7.2): signed with RS256, PS256 or ES256 by a key that its header names. Pure.
 */
final class TokenVerifier {
  private static final Set<JWSAlgorithm> BELIEVED =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);

  /** A token longer than this is not read. */
  private static final int LONGEST = 8 * 1024;

  private final TokenIssuer issuer;

  TokenVerifier(TokenIssuer issuer) {
    this.issuer = issuer;
  }

  /**
   * What a token says.
   *
   * @param expires the claims hold until then
   */
  record Verified(Map<String, Object> claims, Instant expires) {}

  /** Null for a token that is not to be believed. */
  @Nullable Verified verify(String token, JWKSet keys, Instant now) {
    if (token.length() > LONGEST) {
      return null;
    }
    try {
      SignedJWT signed = SignedJWT.parse(token);
      JWK key = keys.getKeyByKeyId(signed.getHeader().getKeyID());
      boolean believed = BELIEVED.contains(signed.getHeader().getAlgorithm());
      if (key == null || !believed || !signed.verify(verifier(key))) {
        return null;
      }
      return held(signed.getJWTClaimsSet(), now);
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      return null;
    }
  }

  /** When a token says that it ends; null where it says nothing that can be read. */
  static @Nullable Instant expires(String token) {
    if (token.length() > LONGEST) {
      return null;
    }
    try {
      Date end = SignedJWT.parse(token).getJWTClaimsSet().getExpirationTime();
      return end == null ? null : end.toInstant();
    } catch (ParseException | IllegalArgumentException e) {
      return null;
    }
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    if (key instanceof RSAKey rsa) {
      return new RSASSAVerifier(rsa.toRSAPublicKey());
    }
    if (key instanceof ECKey ec) {
      return new ECDSAVerifier(ec.toECPublicKey());
    }
    throw new JOSEException("a key of another kind");
  }

  private @Nullable Verified held(JWTClaimsSet claims, Instant now) {
    Date expires = claims.getExpirationTime();
    Date begins = claims.getNotBeforeTime();
    boolean holds =
        issuer.issuer().equals(claims.getIssuer())
            && claims.getAudience().contains(issuer.audience())
            && expires != null
            && expires.toInstant().isAfter(now)
            && (begins == null || !begins.toInstant().isAfter(now));
    return holds ? new Verified(claims.getClaims(), expires.toInstant()) : null;
  }
}
