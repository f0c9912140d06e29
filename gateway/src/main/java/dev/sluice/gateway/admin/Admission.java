package dev.sluice.gateway.admin;

import dev.sluice.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Who may change something: the bearer of the token (RFC 6750), and nobody where there is none. */
final class Admission {
  private static final String SCHEME = "Bearer ";

  private final @Nullable Secret token;

  Admission(@Nullable Secret token) {
    this.token = token;
  }

  /** Null when the request may proceed, else what refuses it. */
  @Nullable Reply refusal(@Nullable String authorization) {
    if (token == null || token.reveal().isEmpty()) {
      return Reply.problem(
          403,
          "No admin token is configured",
          "Set admin.token in the route file, for example to \"${SLUICE_ADMIN_TOKEN}\", and send it"
              + " as Authorization: Bearer.");
    }
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return unauthorized("Send Authorization: Bearer with the admin token.", "Bearer");
    }
    byte[] given =
        authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
    boolean same = MessageDigest.isEqual(token.reveal().getBytes(StandardCharsets.UTF_8), given);
    return same
        ? null
        : unauthorized("This is not the admin token.", "Bearer error=\"invalid_token\"");
  }

  private static Reply unauthorized(String detail, String challenge) {
    return Reply.problem(401, "The admin token is needed", detail)
        .with("WWW-Authenticate", challenge);
  }
}
