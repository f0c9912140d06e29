package dev.sluice.fallback.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A write that was accepted, as the store knows it.
 *
 * @param id 128 random bits in hex: whoever knows it may ask for the write
 * @param sequence rises with every accepted write; orders the writes of one ordering key
 * @param attempts begun so far; one that was released unsent does not count
 * @param epoch changes with every claim: an outcome reported under an older one is refused
 * @param notBefore when the next attempt may begin
 * @param interrupted an attempt began and its process died before the outcome was known: it may
 *     have reached the backend
 * @param finishedAt when it became terminal
 * @param lastError of the latest attempt, in one line
 * @param answer the backend's, once there is one
 */
public record QueuedWrite(
    String id,
    long sequence,
    WriteState state,
    int attempts,
    long epoch,
    Instant createdAt,
    Instant expiresAt,
    Instant notBefore,
    @Nullable Instant finishedAt,
    boolean interrupted,
    @Nullable String lastError,
    @Nullable CapturedAnswer answer,
    NewWrite request) {
  /** The same write with the request's body left out, for lists. */
  public QueuedWrite withoutBody() {
    return new QueuedWrite(
        id,
        sequence,
        state,
        attempts,
        epoch,
        createdAt,
        expiresAt,
        notBefore,
        finishedAt,
        interrupted,
        lastError,
        answer,
        request.withoutBody());
  }
}
