package dev.sluice.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes held durably during an outage.
 *
 * @param replayAs null only on routes whose requests carry no credentials
 * @param ttl how long a write may wait before it expires
 * @param maxBody bytes, at most 8 MiB
 * @param maxTail how long after recovery live writes may join a key's backlog before they get 503
 * @param requireKey refuses writes without an Idempotency-Key
 * @param backendHonoursIdempotencyKey lets an ambiguous POST or PATCH be sent again
 */
public record Writes(
    Accept accept,
    @Nullable ReplayAs replayAs,
    Principal principal,
    Duration ttl,
    int maxBody,
    Duration maxTail,
    boolean requireKey,
    boolean backendHonoursIdempotencyKey) {
  /** WHEN_PREFERRED queues only requests with {@code Prefer: respond-async} (RFC 7240). */
  public enum Accept {
    ALWAYS,
    WHEN_PREFERRED
  }

  /** Whose credentials a replay carries. */
  public enum ReplayAs {
    GATEWAY,
    CLIENT
  }
}
