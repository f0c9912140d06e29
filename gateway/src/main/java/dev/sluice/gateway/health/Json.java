package dev.sluice.gateway.health;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/** Writes maps, lists, strings, numbers and booleans as JSON; members keep the map's order. */
public final class Json {
  private static final JsonMapper COMPACT = JsonMapper.builder().build();

  private Json() {}

  /** UTF-8 without line breaks. */
  public static byte[] bytes(Object value) {
    return COMPACT.writeValueAsBytes(value);
  }

  /** The same as a string. */
  public static String text(Object value) {
    return new String(bytes(value), StandardCharsets.UTF_8);
  }

  /** Indented, for people. */
  public static String pretty(Object value) {
    return COMPACT.writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }
}
