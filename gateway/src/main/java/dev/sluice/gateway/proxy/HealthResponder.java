package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.HealthQuestion;
import dev.sluice.gateway.route.Matched;
import org.jspecify.annotations.Nullable;

/** Answers health checks from memory, within microseconds. */
public interface HealthResponder {
  /**
   * The answer by this snapshot.
   *
   * @param matched the route of kind health; null for the gateway's own paths
   */
  Answer answer(HealthQuestion question, @Nullable Matched matched, Snapshot snapshot);

  /** Status, content type and body; the bytes are never changed. */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, String contentType, byte[] body) {}
}
