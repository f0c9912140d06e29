package dev.sluice.gateway.admin;

import dev.sluice.config.Secret;
import dev.sluice.gateway.identity.Operators;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may change something: the bearer of the token (RFC 6750), or an operator whom Google names,
 * and nobody where there is neither.
 */
final class Admission {
  private static final String SCHEME = "Bearer ";

  private final @Nullable Secret token;
  private final @Nullable Secret agentToken;
  private final @Nullable Operators operators;

  Admission(@Nullable Secret token, @Nullable Secret agentToken, @Nullable Operators operators) {
    this.token = token;
    this.agentToken = agentToken;
    this.operators = operators;
  }

  /**
   * Null when the request may proceed, else what refuses it.
   *
   * @param field the value of a header field; null where there is none
   */
  @Nullable Reply refusal(Function<String, @Nullable String> field) {
    return operators == null ? refusal(field.apply("Authorization")) : refusal(field, operators);
  }

  private static @Nullable Reply refusal(
      Function<String, @Nullable String> field, Operators known) {
    if (known.email(field, true) != null) {
      return null;
    }
    Reply refused = Reply.problem(known.refusal(), "An operator is needed", known.wanted());
    return known.refusal() == 401 ? refused.with("WWW-Authenticate", "Bearer") : refused;
  }

  /** Who it is that may proceed, for the log. */
  String who(Function<String, @Nullable String> field) {
    String email = operators == null ? null : operators.email(field, true);
    return email == null ? "operator" : "operator " + email;
  }

  private @Nullable Reply refusal(@Nullable String authorization) {
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
