package dev.sluice.gateway.admin;

import dev.sluice.gateway.health.Json;
import dev.sluice.gateway.reload.ReloadOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reloads as JSON. */
final class Reloads {
  private Reloads() {}

  /** The answer to whoever asked for it: 200, or 422 with every problem (RFC 9457). */
  static Reply reply(ReloadOutcome outcome) {
    if (!(outcome instanceof ReloadOutcome.Refused)) {
      return Reply.json(outcome.shown());
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("title", "The route files are refused");
    body.put("status", 422);
    body.put("detail", "What ran before runs on; sluice check lists the same problems.");
    body.putAll(outcome.shown());
    return new Reply(422, "application/problem+json", Json.bytes(body), Map.of());
  }

  /** What came of the last one. */
  static Map<String, Object> latest(@Nullable ReloadOutcome outcome) {
    return outcome == null ? Map.of("result", "none") : outcome.shown();
  }
}
