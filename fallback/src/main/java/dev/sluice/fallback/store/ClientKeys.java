package dev.sluice.fallback.store;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The tags of the clients' keys under which records were accepted, eight bytes of each: a table
 * with open addressing that one thread changes and all read. Two tags in 2^64 may be taken for one,
 * which costs a look into the file.
 */
final class ClientKeys {
  private static final long FREE = 0;
  private static final long GONE = 1;
  private static final int LEAST = 1 << 10;

  private volatile AtomicLongArray table = new AtomicLongArray(LEAST);
  private int used;
  private int held;

  /** The first half of a tag, which is never one of the two marks. */
  private static long code(String tag) {
    long code = Long.parseUnsignedLong(tag, 0, 16, 16);
    return code == FREE || code == GONE ? code + 2 : code;
  }

  private static int slot(long code, AtomicLongArray in) {
    return (int) (code ^ (code >>> 32)) & (in.length() - 1);
  }

  void add(String tag) {
    if ((used + 1) * 2L > table.length()) {
      rehash();
    }
    long code = code(tag);
    if (find(code, table) < 0) {
      put(code, table);
      used++;
      held++;
    }
  }

  void remove(String tag) {
    int at = find(code(tag), table);
    if (at >= 0) {
      table.set(at, GONE);
      held--;
    }
  }

  boolean has(String tag) {
    return find(code(tag), table) >= 0;
  }

  int size() {
    return held;
  }

  /** The slot of a code; -1 where it is not there. */
  private static int find(long code, AtomicLongArray in) {
    for (int at = slot(code, in); in.get(at) != FREE; at = (at + 1) & (in.length() - 1)) {
      if (in.get(at) == code) {
        return at;
      }
    }
    return -1;
  }

  private static void put(long code, AtomicLongArray in) {
    int at = slot(code, in);
    while (in.get(at) != FREE) {
      at = (at + 1) & (in.length() - 1);
    }
    in.set(at, code);
  }

  /** A fresh table without what is gone, four times as long as what is held at least. */
  private void rehash() {
    AtomicLongArray before = table;
    int length = LEAST;
    while (length < held * 4L) {
      length *= 2;
    }
    AtomicLongArray next = new AtomicLongArray(length);
    for (int i = 0; i < before.length(); i++) {
      long code = before.get(i);
      if (code != FREE && code != GONE) {
        put(code, next);
      }
    }
    table = next;
    used = held;
  }
}
