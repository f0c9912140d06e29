package dev.sluice.gateway.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the gateway makes itself (RFC 9457).
 *
 * @param close the connection cannot be used any further
 */
record Problem(
    int status, String title, String detail, @Nullable Duration retryAfter, boolean close) {
  static final String CONTENT_TYPE = "application/problem+json";

  /** Titles of RFC 9110 where Netty knows older ones. */
  private static final Map<Integer, String> TITLES =
      Map.of(413, "Content Too Large", 414, "URI Too Long", 422, "Unprocessable Content");

  static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, null, false);
  }

  /** One after which the connection is closed, since what follows on it cannot be told apart. */
  static Problem closing(int status, String title, String detail) {
    return new Problem(status, title, detail, null, true);
  }

  /** One after which the connection is closed, with the status's own title. */
  static Problem closing(int status, String detail) {
    return closing(status, TITLES.getOrDefault(status, title(status)), detail);
  }

  private static String title(int status) {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
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
