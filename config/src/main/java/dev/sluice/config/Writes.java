package dev.sluice.config;

import java.net.URI;
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
 * @param onDead what becomes of the writes behind one that ended without success
 * @param quota how much of the queue one principal may fill; null where principals are not told
 *     apart
 * @param webhook who is told of a write's end; null: nobody
 */
public record Writes(
    Accept accept,
    @Nullable ReplayAs replayAs,
    Principal principal,
    Duration ttl,
    int maxBody,
    Duration maxTail,
    boolean requireKey,
    boolean backendHonoursIdempotencyKey,
    OnDead onDead,
    @Nullable Quota quota,
    @Nullable Webhook webhook) {
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

  /**
   * After a write that ended DEAD or AMBIGUOUS the later ones of its ordering key go on (CONTINUE),
   * wait until an operator has dealt with it (PARK), or fail with it (FAIL_DEPENDENTS).
   */
  public enum OnDead {
    CONTINUE,
    PARK,
    FAIL_DEPENDENTS
  }

  /** Bounds of what one principal has waiting, over all routes. */
  public record Quota(int records, long bytes) {
    /** What holds where a file says nothing. */
    public static final Quota DEFAULT = new Quota(100, 10L << 20);
  }

  /**
   * A webhook.
   *
   * @param key signs what is sent with HMAC-SHA256
   */
  public record Webhook(URI url, Secret key) {}
}
