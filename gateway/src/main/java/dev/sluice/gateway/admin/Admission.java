package dev.sluice.gateway.admin;

import dev.sluice.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Who may change something: the bearer of the token (RFC 6750), and nobody where there is none. */
final class Admission {
  private static final String SCHEME = "Bearer ";

  private final @Nullable Secret token;
  private final @Nullable Secret agentToken;

  Admission(@Nullable Secret token, @Nullable Secret agentToken) {
    this.token = token;
    this.agentToken = agentToken;
  }

  /** Null when the request may proceed, else what refuses it. */
  @Nullable Reply refusal(@Nullable String authorization) {
    return present(token)
        ? refused(authorization, "the admin token", token)
        : Reply.problem(
            403,
            "No admin token is configured",
            "Set admin.token in the route file, for example to \"${SLUICE_ADMIN_TOKEN}\", and send it"
                + " as Authorization: Bearer.");
  }

  /** The same for what an agent may do; the admin token may do it too. */
  @Nullable Reply agentRefusal(@Nullable String authorization) {
    return present(token) || present(agentToken)
        ? refused(authorization, "the agents' token", agentToken, token)
        : Reply.problem(
            403,
            "No token for agents is configured",
            "Set admin.agent-token in the route file, for example to \"${SLUICE_AGENT_TOKEN}\".");
  }

  private static boolean present(@Nullable Secret secret) {
    return secret != null && !secret.reveal().isEmpty();
  }

  private static @Nullable Reply refused(
      @Nullable String authorization, String name, @Nullable Secret... accepted) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return unauthorized("Send Authorization: Bearer with " + name + ".", "Bearer");
    }
    byte[] given =
        authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
    boolean same = false;
    for (Secret one : accepted) {
      same |= present(one) && same(given, one);
    }
    return same
        ? null
        : unauthorized("This is not " + name + ".", "Bearer error=\"invalid_token\"");
  }

  private static boolean same(byte[] given, @Nullable Secret secret) {
    return secret != null
        && MessageDigest.isEqual(secret.reveal().getBytes(StandardCharsets.UTF_8), given);
  }

  private static Reply unauthorized(String detail, String challenge) {
    return Reply.problem(401, "A token is needed", detail).with("WWW-Authenticate", challenge);
  }
}
