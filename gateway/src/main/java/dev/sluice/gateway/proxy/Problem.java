package dev.sluice.gateway.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the gateway makes itself (RFC 9457).
 *
 * @param close the connection cannot be used any further
 */
record Problem(
    int status, String title, String detail, @Nullable Duration retryAfter, boolean close) {
  static final String CONTENT_TYPE = "application/problem+json";

  static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, null, false);
  }

  /** One after which the connection is closed, since what follows on it cannot be told apart. */
  static Problem closing(int status, String title, String detail) {
    return new Problem(status, title, detail, null, true);
  }

  static Problem retryable(int status, String title, String detail, Duration retryAfter) {
    return new Problem(status, title, detail, retryAfter, false);
  }

  byte[] body() {
    String json =
        "{\"title\":\""
            + escaped(title)
            + "\",\"status\":"
            + status
            + ",\"detail\":\""
            + escaped(detail)
            + "\"}";
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                safe.append('\\').append((char) c);
              } else if (c < ' ') {
                safe.append(String.format("\\u%04x", c));
              } else {
                safe.append((char) c);
              }
            });
    return safe.toString();
  }
}
