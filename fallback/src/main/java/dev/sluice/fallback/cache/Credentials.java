package dev.sluice.fallback.cache;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Request headers that say who asks, so that the answer may be meant for nobody else. */
final class Credentials {
  private static final List<String> NAMES =
      List.of(
          "authorization",
          "cookie",
          "cookie2",
          "proxy-authorization",
          "x-serverless-authorization",
          "x-api-key",
          "x-auth-token",
          "x-access-token",
          "x-goog-iap-jwt-assertion",
          "x-forwarded-user",
          "x-forwarded-email",
          "x-forwarded-preferred-username",
          "x-forwarded-groups",
          "x-forwarded-access-token",
          "x-remote-user",
          "remote-user",
          "x-forwarded-client-cert",
          "client-cert",
          "client-cert-chain");

  private static final List<String> PREFIXES =
      List.of(
          "x-goog-authenticated-user-",
          "x-auth-request-",
          "x-amzn-oidc-",
          "x-ms-client-principal",
          "x-ssl-client-",
          "cf-access-");

  private Credentials() {}

  static boolean in(List<Map.Entry<String, String>> headers) {
    return headers.stream().anyMatch(line -> credential(line.getKey().toLowerCase(Locale.ROOT)));
  }

  private static boolean credential(String name) {
    return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
  }
}
