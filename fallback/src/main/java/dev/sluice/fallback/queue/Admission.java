package dev.sluice.fallback.queue;

/** What became of a write that was offered to the queue. */
public sealed interface Admission {
  /**
   * Committed: 202.
   *
   * @param existing the same key and fingerprint had been accepted before; the id is that one's
   */
  record Accepted(String id, boolean existing) implements Admission {}

  /** The key was used before for another request: 422. */
  record KeyConflict() implements Admission {}

  /** The first request with this key is not committed yet: 409. */
  record StillPersisting() implements Admission {}

  /** This principal has as much waiting as it may: 429 with Retry-After. */
  record OverQuota(String reason) implements Admission {}

  /** A bound is reached, and nothing was kept: 503 with Retry-After. */
  record Full(String reason) implements Admission {}

  /**
   * The store failed: 503 with Retry-After.
   *
   * @param reason for those who run the store, not for clients
   */
  record Failed(String reason) implements Admission {}
}
