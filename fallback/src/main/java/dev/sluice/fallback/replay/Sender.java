package dev.sluice.fallback.replay;

import dev.sluice.fallback.queue.QueuedWrite;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Sends one queued write to its backend, once. */
public interface Sender {
  /**
   * One attempt. An error or an empty answer leaves open whether the write was sent and counts as
   * {@link ReplayOutcome.Ambiguous}. Subscribed on the thread of the replay: do not block it.
   *
   * @param within the time after which the attempt must have ended: its connection is gone, and
   *     what had not left by then never will, so that no late piece of it overtakes a later attempt
   *     or a newer write. Cancelling ends it in the same way.
   */
  Mono<ReplayOutcome> send(QueuedWrite write, Duration within);
}
