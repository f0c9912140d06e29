package dev.sluice.fallback.store;

import java.util.HashMap;
import java.util.Map;

/** What each principal has waiting. For the writer's thread. */
final class Shares {
  private static final Share NONE = new Share(0, 0);

  private final Map<String, Share> byPrincipal = new HashMap<>();

  /** Records and bytes. */
  record Share(int records, long bytes) {
    Share plus(int more, long length) {
      return new Share(records + more, bytes + length);
    }
  }

  /** That a principal has as much as it may, for whoever asks. */
  static String over(Share share) {
    return "this principal has "
        + share.records()
        + " writes of "
        + share.bytes()
        + " bytes waiting";
  }

  void came(Row row) {
    if (row.principalTag() != null) {
      byPrincipal.merge(
          row.principalTag(), new Share(1, row.bytes()), (a, b) -> a.plus(1, b.bytes()));
    }
  }

  void left(Row row) {
    if (row.principalTag() != null) {
      byPrincipal.computeIfPresent(
          row.principalTag(),
          (tag, share) -> share.records() == 1 ? null : share.plus(-1, -row.bytes()));
    }
  }

  Share of(String principalTag) {
    return byPrincipal.getOrDefault(principalTag, NONE);
  }
}
