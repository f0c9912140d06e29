package dev.sluice.fallback.store;

import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.store.CopyCodec.Kept;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be told to the database of copies: of each the last alone, and bounded. What is void
 * is told first; what was kept before it became void is not told at all. Used by one thread.
 */
final class SharedChanges {
  /** Stands for everything among what is void. */
  static final String ALL = "";

  /** Bytes of copies that wait; beyond them the oldest are not told. */
  private static final long MOST_BYTES = 32L << 20;

  private static final long MOST_AT_ONCE = 4L << 20;
  private static final int MOST_VOIDS_AT_ONCE = 2_000;

  private final Map<String, Voided> voids = new LinkedHashMap<>();
  private final Map<String, Copy> copies = new LinkedHashMap<>();
  private long bytes;

  /**
   * A copy that is to be kept.
   *
   * @param id its own tag, beside that of its key and that of its target
   * @param heard up to which of the others' changes it was right when it was stored in memory
   */
  record Copy(Kept kept, String id, String entry, String place, long heard) {
    static Copy of(Kept kept, long heard, Tags tags) {
      CopyKey key = kept.key();
      return new Copy(
          kept,
          tags.variant(key, kept.tag()),
          tags.entry(key),
          tags.place(key.host(), key.target()),
          heard);
    }

    long storedAt() {
      return kept.copy().storedAt().toEpochMilli();
    }

    long size() {
      return kept.copy().body().length + kept.copy().encodedHeaders().length + 256L;
    }
  }

  void put(Copy copy) {
    Copy before = copies.remove(copy.id());
    bytes += copy.size() - (before == null ? 0 : before.size());
    copies.put(copy.id(), copy);
    for (Iterator<Copy> oldest = copies.values().iterator(); bytes > MOST_BYTES; ) {
      bytes -= oldest.next().size();
      oldest.remove();
    }
  }

  /**
   * What is void under this tag is void for all; of what waits to be kept nothing of it is left.
   */
  void drop(String what, Voided gone) {
    copies
        .values()
        .removeIf(
            copy -> {
              boolean void_ = copy.place().equals(what) || copy.entry().equals(what);
              bytes -= void_ ? copy.size() : 0;
              return void_;
            });
    if (voids.size() == CopyShelf.MOST_VOIDED) {
      clear();
    } else if (!voids.containsKey(ALL)) {
      voids.put(what, gone);
    }
  }

  /** Everything is void. */
  void clear() {
    voids.clear();
    voids.put(ALL, Voided.place("", ""));
    copies.clear();
    bytes = 0;
  }

  boolean anyVoid() {
    return !voids.isEmpty();
  }

  /** What is void, by its tag; some of it. */
  Map<String, Voided> someVoids() {
    Map<String, Voided> some = new LinkedHashMap<>();
    for (Map.Entry<String, Voided> each : voids.entrySet()) {
      if (some.size() == MOST_VOIDS_AT_ONCE) {
        break;
      }
      some.put(each.getKey(), each.getValue());
    }
    return some;
  }

  /** The database knows. */
  void told(Map<String, Voided> some) {
    voids.keySet().removeAll(some.keySet());
  }

  /** Some copies, which do not wait any longer; empty where none does. */
  List<Copy> takeCopies() {
    List<Copy> some = new ArrayList<>();
    long size = 0;
    Iterator<Copy> waiting = copies.values().iterator();
    while (waiting.hasNext() && size < MOST_AT_ONCE) {
      Copy copy = waiting.next();
      waiting.remove();
      some.add(copy);
      size += copy.size();
    }
    bytes -= size;
    return some;
  }
}
