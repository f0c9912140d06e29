package dev.sluice.demo.backend;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer, whole.
 *
 * @param headers beside content type and marker
 */
record Reply(int status, String body, Map<String, String> headers) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static Reply json(int status, Object value) {
    return new Reply(status, JSON.writeValueAsString(value), Map.of());
  }

  static Reply problem(int status, String detail) {
    return json(status, Map.of("status", status, "detail", detail));
  }

  Reply with(String name, String value) {
    Map<String, String> all = new HashMap<>(headers);
    all.put(name, value);
    return new Reply(status, body, all);
  }
}
