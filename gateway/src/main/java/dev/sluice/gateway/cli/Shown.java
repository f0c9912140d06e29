package dev.sluice.gateway.cli;

import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.gateway.route.RequestTarget;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A held write as the commands print it.
 *
 * @param answered the backend's status; null without an answer
 */
record Shown(
    String id,
    String state,
    String method,
    String target,
    String created,
    int attempts,
    String expires,
    @Nullable String error,
    @Nullable Integer answered) {
  static Shown of(QueuedWrite write) {
    CapturedAnswer answer = write.answer();
    return new Shown(
        write.id(),
        label(write.state().name()),
        write.request().method(),
        RequestTarget.shown(write.request().target()),
        write.createdAt().toString(),
        write.attempts(),
        write.expiresAt().toString(),
        write.lastError(),
        answer == null ? null : answer.status());
  }

  /** As a gateway's admin port tells it. */
  static Shown of(JsonNode write) {
    return new Shown(
        write.path("id").asString(""),
        label(write.path("state").asString("")),
        write.path("method").asString(""),
        write.path("target").asString(""),
        write.path("created-at").asString(""),
        write.path("attempts").asInt(0),
        write.path("expires-at").asString(""),
        write.has("last-error") ? write.path("last-error").asString("") : null,
        write.has("answer-status") ? write.path("answer-status").asInt(0) : null);
  }

  private static String label(String state) {
    return state.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
  }

  String line() {
    return id + "  " + state + "  " + method + " " + target + "  " + created;
  }

  String details() {
    return line()
        + "\nattempts "
        + attempts
        + "\nexpires  "
        + expires
        + "\nerror    "
        + (error == null ? "none" : error)
        + "\nanswer   "
        + (answered == null ? "none" : answered);
  }
}
