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
 * @param principalTag stands for whom it belongs to; null in records of the first format
 * @param parked it ended, and holds up its ordering key until an operator has dealt with it
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
    String outcomeDigest,
    @Nullable String principalTag,
    boolean parked) {

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
    // Left out where they say nothing, so that records of the first format keep their digest.
    if (principalTag != null) {
      text.append("principal ").append(principalTag).append('\n');
    }
    if (parked) {
      text.append("parked\n");
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

  /** Whether it stands in the way of later records of its ordering key. */
  boolean holdsUp() {
    return active() || parked;
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
    return with(WriteState.QUEUED, 0, epoch + 1, expires, now, 0, false).parked(false);
  }

  /** Parked where it has an ordering key to hold up. */
  Row parked(boolean now) {
    return whole(
        state,
        attempts,
        epoch,
        expiresAt,
        notBefore,
        finishedAt,
        interrupted,
        keyId,
        contentDigest,
        outcomeDigest,
        now && orderTag != null);
  }

  Row withContent(String digest) {
    return withDigests(keyId, digest, outcomeDigest);
  }

  Row withOutcome(String digest) {
    return withDigests(keyId, contentDigest, digest);
  }

  /** Both parts sealed anew. */
  Row sealedAnew(String by, String content, String outcome) {
    return withDigests(by, content, outcome);
  }

  private Row withDigests(String by, String content, String outcome) {
    return whole(
        state,
        attempts,
        epoch,
        expiresAt,
        notBefore,
        finishedAt,
        interrupted,
        by,
        content,
        outcome,
        parked);
  }

  private Row with(
      WriteState state,
      int attempts,
      long epoch,
      long expiresAt,
      long notBefore,
      long finishedAt,
      boolean interrupted) {
    return whole(
        state,
        attempts,
        epoch,
        expiresAt,
        notBefore,
        finishedAt,
        interrupted,
        keyId,
        contentDigest,
        outcomeDigest,
        parked);
  }

  private Row whole(
      WriteState state,
      int attempts,
      long epoch,
      long expiresAt,
      long notBefore,
      long finishedAt,
      boolean interrupted,
      String keyId,
      String contentDigest,
      String outcomeDigest,
      boolean parked) {
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
        outcomeDigest,
        principalTag,
        parked);
  }
}
