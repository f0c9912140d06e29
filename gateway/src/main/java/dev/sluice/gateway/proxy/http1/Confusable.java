package dev.sluice.gateway.proxy.http1;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Names that a backend in the tradition of CGI reads as another one, since it takes {@code _} for
 * {@code -}. Where the other name frames or routes a message or tells who sent it, the message is
 * refused: the gateway would have dropped or remade that field, and the backend would believe it.
 */
final class Confusable {
  private static final Set<String> NAMES =
      Set.of(
          "content-length",
          "transfer-encoding",
          "content-type",
          "proxy-connection",
          "proxy-authorization",
          "keep-alive",
          "http2-settings",
          "x-real-ip",
          "x-request-id",
          "x-cloud-trace-context",
          "x-serverless-authorization",
          "x-api-key",
          "x-http-method-override",
          "idempotency-key",
          "if-match");

  private static final Set<String> PREFIXES = Set.of("x-forwarded-", "x-goog-", "sluice-");

  private Confusable() {}

  /** Whether the name, which has an underscore, could be taken for one that matters. */
  static boolean is(byte[] bytes, int from, int to) {
    String read =
        new String(bytes, from, to - from, StandardCharsets.US_ASCII)
            .toLowerCase(Locale.ROOT)
            .replace('_', '-');
    return NAMES.contains(read) || PREFIXES.stream().anyMatch(read::startsWith);
  }
}
