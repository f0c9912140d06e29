package dev.sluice.gateway.admin;

import dev.sluice.gateway.health.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer of the admin port, before it is sent. */
@SuppressWarnings("ArrayRecordComponent")
record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
  static Reply text(String contentType, String text) {
    return new Reply(200, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Reply json(Object value) {
    return json(200, value);
  }

  static Reply json(int status, Object value) {
    return new Reply(status, "application/json", Json.bytes(value), Map.of());
  }

  /** RFC 9457. */
  static Reply problem(int status, String title, String detail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("title", title);
    body.put("status", status);
    body.put("detail", detail);
    return new Reply(status, "application/problem+json", Json.bytes(body), Map.of());
  }

  Reply with(String header, String value) {
    return new Reply(status, contentType, body, Map.of(header, value));
  }
}
