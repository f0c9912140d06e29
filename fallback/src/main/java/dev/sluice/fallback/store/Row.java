package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteState;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one record, its sealed parts aside. Times are milliseconds since 1970.
 *
 * @param finishedAt 0 while active
 * @param orderTag stands for the ordering key
 * @param idempotencyTag stands for principal, route and client key
 * @param bytes of the sealed content
 * @param keyId of the key that sealed it
 * @param contentDigest SHA-256 of the sealed content
 * @param outcomeDigest SHA-256 of the sealed outcome; empty without one
 */
record Row(
    long sequence,
    String id,
    WriteState state,
    int attempts,
    long epoch,
    long createdAt,
    long expiresAt,
    long notBefore,
    long finishedAt,
    boolean interrupted,
    String routeId,
    @Nullable String orderTag,
    @Nullable String idempotencyTag,
    String fingerprintTag,
    long bytes,
    String keyId,
    String contentDigest,
    String outcomeDigest) {

  /** Covers every column and, by their digests, both sealed parts. */
  String digest() {
    StringBuilder text = new StringBuilder(400);
    Object[] columns = {
      sequence,
      id,
      state,
      attempts,
      epoch,
      createdAt,
      expiresAt,
      notBefore,
      finishedAt,
      interrupted,
      routeId,
      orderTag,
      idempotencyTag,
      fingerprintTag,
      bytes,
      keyId,
      contentDigest,
      outcomeDigest
    };
    for (Object column : columns) {
      text.append(column).append('\n');
    }
    return Digests.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  boolean active() {
    return !state.terminal();
  }

  boolean waiting() {
    return state == WriteState.QUEUED || state == WriteState.RETRY_WAIT;
  }

  /** Where the sealed content belongs; sealed elsewhere it does not open. */
  String contentPlace() {
    return "content of " + id + " at " + sequence;
  }

  String outcomePlace() {
    return "outcome of " + id + " at " + sequence;
  }

  Row claimed() {
    return with(
        WriteState.IN_FLIGHT, attempts + 1, epoch + 1, expiresAt, notBefore, 0, interrupted);
  }

  Row waitingUntil(long at, boolean counted) {
    int begun = counted ? attempts : Math.max(0, attempts - 1);
    return with(WriteState.RETRY_WAIT, begun, epoch, expiresAt, at, 0, interrupted);
  }

  Row interruptedAt(long now) {
    return with(WriteState.RETRY_WAIT, attempts, epoch + 1, expiresAt, now, 0, true);
  }

  Row ended(WriteState end, long now) {
    return with(end, attempts, epoch, expiresAt, notBefore, now, interrupted);
  }

  Row requeued(long now, long expires) {
    return with(WriteState.QUEUED, 0, epoch + 1, expires, now, 0, false);
  }

  Row withContent(String digest) {
    return withDigests(digest, outcomeDigest);
  }

  Row withOutcome(String digest) {
    return withDigests(contentDigest, digest);
  }

  private Row withDigests(String content, String outcome) {
    return new Row(
        sequence,
        id,
        state,
        attempts,
        epoch,
        createdAt,
        expiresAt,
        notBefore,
        finishedAt,
        interrupted,
        routeId,
        orderTag,
        idempotencyTag,
        fingerprintTag,
        bytes,
        keyId,
        content,
        outcome);
  }

  private Row with(
      WriteState state,
      int attempts,
      long epoch,
      long expiresAt,
      long notBefore,
      long finishedAt,
      boolean interrupted) {
    return new Row(
        sequence,
        id,
        state,
        attempts,
        epoch,
        createdAt,
        expiresAt,
        notBefore,
        finishedAt,
        interrupted,
        routeId,
        orderTag,
        idempotencyTag,
        fingerprintTag,
        bytes,
        keyId,
        contentDigest,
        outcomeDigest);
  }
}
