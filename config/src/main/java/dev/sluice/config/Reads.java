package dev.sluice.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies of answers.
 *
 * @param maxStale how old a copy may be when it is served ({@code fallback}), or how long past its
 *     freshness ({@code standard})
 * @param maxObject bytes of one body; larger answers are not stored
 * @param overrideCacheControl stores although the backend says no-store, private or no-cache
 * @param stripSetCookie stores answers with Set-Cookie, without it
 * @param heuristics a lifetime is guessed from Last-Modified where an answer tells none
 * @param revalidateDeadline how long an answer is waited for where a stale copy may be served
 * @param instead ids of backends that are tried, in this order, before a copy is served
 * @param credentialHeaders that say who somebody is, beside the known ones
 * @param refetch what a write has outdated is fetched anew at once, if it was stored
 * @param prefetch null where nothing is fetched ahead
 */
public record Reads(
    Caching cache,
    Principal principal,
    Duration maxStale,
    int maxObject,
    boolean overrideCacheControl,
    boolean stripSetCookie,
    boolean heuristics,
    Duration revalidateDeadline,
    List<String> instead,
    List<String> credentialHeaders,
    boolean refetch,
    @Nullable Prefetch prefetch) {
  public Reads {
    credentialHeaders = List.copyOf(credentialHeaders);
    instead = List.copyOf(instead);
  }

  /** When stored copies are used. */
  public enum Caching {
    /** While the backend cannot answer, and at no other time. */
    FALLBACK,
    /** As a shared cache does (RFC 9111). */
    STANDARD
  }

  /**
   * What is fetched on a schedule while all is well.
   *
   * @param host that the requests name, in lower case
   * @param targets paths with their queries
   */
  public record Prefetch(String host, List<String> targets, Duration every) {
    public Prefetch {
      targets = List.copyOf(targets);
    }
  }

  /** True when it is a cache at all times. */
  public boolean standard() {
    return cache == Caching.STANDARD;
  }
}
