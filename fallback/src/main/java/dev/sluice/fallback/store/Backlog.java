package dev.sluice.fallback.store;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many records stand in the way of each ordering key, and whose the last is. Changed by one
 * thread, read by all. It grows at once and shrinks when its owner says so, after the commit.
 */
final class Backlog {
  private final ConcurrentHashMap<String, Standing> keys = new ConcurrentHashMap<>();

  /** One key: how many records, and the id and principal of the last that came. */
  private record Standing(int records, String lastId, @Nullable String lastPrincipal) {
    @Nullable Standing less() {
      return records == 1 ? null : new Standing(records - 1, lastId, lastPrincipal);
    }
  }

  void came(String orderTag, String id, @Nullable String principalTag) {
    keys.merge(
        orderTag,
        new Standing(1, id, principalTag),
        (before, one) -> new Standing(before.records() + 1, id, principalTag));
  }

  void left(String orderTag) {
    keys.computeIfPresent(orderTag, (key, before) -> before.less());
  }

  boolean has(String orderTag) {
    return keys.containsKey(orderTag);
  }

  /** The id of the last record of this key, if it belongs to this principal. */
  @Nullable String last(String orderTag, String principalTag) {
    Standing standing = keys.get(orderTag);
    return standing != null && Objects.equals(standing.lastPrincipal(), principalTag)
        ? standing.lastId()
        : null;
  }
}
