package dev.sluice.demo.backend;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is ordered, and how many of it. */
record Order(String item, int quantity) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Reads {@code {"item": "tea", "quantity": 2}}; empty when it is anything else. */
  static Optional<Order> read(byte[] body) {
    try {
      JsonNode node = JSON.readTree(body);
      JsonNode item = node.path("item");
      JsonNode quantity = node.path("quantity");
      boolean valid =
          item.isString()
              && !item.stringValue().isBlank()
              && quantity.canConvertToInt()
              && quantity.isInt()
              && quantity.intValue() > 0;
      return valid
          ? Optional.of(new Order(item.stringValue(), quantity.intValue()))
          : Optional.empty();
    } catch (JacksonException malformed) {
      return Optional.empty();
    }
  }
}
