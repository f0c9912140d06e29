package dev.sluice.fallback.request;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Request headers that say who asks, so that neither the answer nor the write may be anybody
 * else's.
 */
public final class Credentials {
  private static final Set<String> NAMES =
      Set.of(
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

  /** Whether any of them is there. */
  public static boolean in(List<Map.Entry<String, String>> headers) {
    for (Map.Entry<String, String> line : headers) {
      if (credential(name(line))) {
        return true;
      }
    }
    return false;
  }

  /** The other headers, in their order. */
  public static List<Map.Entry<String, String>> without(List<Map.Entry<String, String>> headers) {
    List<Map.Entry<String, String>> others = new ArrayList<>(headers);
    others.removeIf(line -> credential(name(line)));
    return others;
  }

  /**
   * SHA-256 in hex over all of them, the same in whatever order they were sent; it tells callers
   * apart and says nothing of who they are. Empty where there are none.
   */
  public static String digest(List<Map.Entry<String, String>> headers) {
    List<Map.Entry<String, String>> found =
        headers.stream()
            .filter(line -> credential(name(line)))
            .sorted(Comparator.comparing(Credentials::name).thenComparing(Map.Entry::getValue))
            .toList();
    if (found.isEmpty()) {
      return "";
    }
    Digest digest = new Digest();
    found.forEach(line -> digest.add(name(line)).add(line.getValue()));
    return digest.hex();
  }

  private static String name(Map.Entry<String, String> line) {
    return line.getKey().toLowerCase(Locale.ROOT);
  }

  private static boolean credential(String name) {
    if (NAMES.contains(name)) {
      return true;
    }
    for (String prefix : PREFIXES) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
