package dev.sluice.fallback.replay;

import dev.sluice.fallback.queue.QueuedWrite;
import reactor.core.publisher.Mono;

/** Sends one queued write to its backend, once. */
public interface Sender {
  /**
   * One attempt, with a deadline of its own. An error or an empty answer leaves open whether the
   * write was sent and counts as {@link ReplayOutcome.Ambiguous}; cancelling gives the attempt up.
   * Subscribed on the thread of the replay: do not block it.
   */
  Mono<ReplayOutcome> send(QueuedWrite write);
}
