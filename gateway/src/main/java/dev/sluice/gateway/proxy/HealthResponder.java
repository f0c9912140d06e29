package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.HealthQuestion;
import dev.sluice.gateway.route.Matched;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Answers health checks from memory, within microseconds; where it is told to, after a look. */
public interface HealthResponder {
  /**
   * The answer by this snapshot.
   *
   * @param matched the route of kind health; null for the gateway's own paths
   */
  Answer answer(HealthQuestion question, @Nullable Matched matched, Snapshot snapshot);

  /**
   * To be asked before each answer.
   *
   * @return null where it can be given now; else what it waits for, as long as the configuration
   *     says at most
   */
  default @Nullable CompletableFuture<Void> look(HealthQuestion question) {
    return null;
  }

  /** A request is here that was not forwarded: a time for probes that wait for one. */
  default void kept() {}

  /** Status, content type and body; the bytes are never changed. */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, String contentType, byte[] body) {}
}
