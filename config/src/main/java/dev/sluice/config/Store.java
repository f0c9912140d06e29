package dev.sluice.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The durable store.
 *
 * @param path the SQLite file; empty where the store is shared
 * @param shared the database that several gateways share; null for an embedded store
 * @param key 32 bytes in base64 that encrypt records at rest; null stores them in the clear
 * @param oldKeys open what was sealed before the key was changed; of new things they seal only what
 *     is added to such a record
 * @param maxRecords queued writes that are not terminal
 * @param maxBytes of queued bodies and heads that are not terminal
 * @param highWater percent of these bounds that routes fill which are not essential
 * @param retention how long terminal records are kept
 * @param network the network that the way to a shared store runs over
 * @param acceptVolatile whether the file may lie where a restart of the machine loses it
 * @param acceptSharedFate whether a shared store may be out of reach together with what it stands
 *     in for
 */
public record Store(
    String path,
    Target.@Nullable Postgres shared,
    @Nullable Secret key,
    List<Secret> oldKeys,
    int maxRecords,
    long maxBytes,
    int highWater,
    Duration retention,
    @Nullable String network,
    boolean acceptVolatile,
    boolean acceptSharedFate) {
  /** Percent that routes fill which are not essential, where a file says nothing. */
  static final int HIGH_WATER = 80;

  public Store {
    oldKeys = List.copyOf(oldKeys);
  }

  /** The same bounds and key in a file that may be lost. */
  public Store in(String otherPath) {
    return new Store(
        otherPath,
        null,
        key,
        List.of(),
        maxRecords,
        maxBytes,
        highWater,
        retention,
        null,
        true,
        false);
  }

  /** An embedded one of which nothing more is said. */
  public Store(
      String path, @Nullable Secret key, int maxRecords, long maxBytes, Duration retention) {
    this(
        path,
        null,
        key,
        List.of(),
        maxRecords,
        maxBytes,
        HIGH_WATER,
        retention,
        null,
        false,
        false);
  }
}
