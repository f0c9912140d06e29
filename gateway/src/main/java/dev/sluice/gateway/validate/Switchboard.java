package dev.sluice.gateway.validate;

import tools.jackson.databind.JsonNode;

/** The admin port of a gateway, as a validation or a drill asks it. Blocks. */
public interface Switchboard {
  /** What it answers on a method and a path with its query. */
  Said ask(String method, String path);

  /**
   * An answer.
   *
   * @param body a missing node where it is no JSON
   */
  record Said(int status, JsonNode body) {}
}
