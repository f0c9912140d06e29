package dev.sluice.demo.proof;

import java.util.Arrays;

/**
 * What is known of one order: its versions from 1 on, when each was sent, and how each was
 * answered. One user writes it, any reads it; safe from any thread.
 */
final class History {
  private static final long NEVER = Long.MAX_VALUE;

  private final int id;

  /** By version: when it was done for certain; {@link #NEVER} where that is not known. */
  private long[] done = new long[64];

  private int sent;
  private int acknowledged;

  History(int id) {
    this.id = id;
  }

  /** The text that stands for a version in the database. */
  String item(int version) {
    return "o" + id + "-v" + version;
  }

  /** The version that an item stands for; -1 where it is none of this order. */
  private int version(String item) {
    String head = "o" + id + "-v";
    String digits = item.startsWith(head) ? item.substring(head.length()) : "";
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
  }

  /** The next version is about to be sent. */
  synchronized int begin() {
    sent++;
    if (sent >= done.length) {
      done = Arrays.copyOf(done, done.length * 2);
    }
    done[sent] = NEVER;
    return sent;
  }

  /** A version was answered as done. */
  synchronized void done(int version, long now) {
    done[version] = now;
    acknowledged = Math.max(acknowledged, version);
  }

  /** A version was answered as held: it will be done. */
  synchronized void held(int version) {
    acknowledged = Math.max(acknowledged, version);
  }

  /** The last version that was answered as done or held; 0 where none was. */
  synchronized int acknowledged() {
    return acknowledged;
  }

  /** The last version that was sent. */
  synchronized int sent() {
    return sent;
  }

  /**
   * Whether an answer to a read may be true.
   *
   * @param asked when the read was sent
   * @param stored whether the answer says that it is a stored copy
   * @return how long it had been outdated when it was asked for, in nanoseconds, 0 for what was
   *     current; -1 where it cannot be true
   */
  synchronized long age(String item, long asked, boolean stored) {
    int version = version(item);
    if (version < 1 || version > sent) {
      return -1;
    }
    long since = NEVER;
    for (int later = version + 1; later <= sent; later++) {
      since = Math.min(since, done[later]);
    }
    long age = since == NEVER || since >= asked ? 0 : asked - since;
    return age > 0 && !stored ? -1 : age;
  }

  /** Whether the database may end with this version: the last acknowledged, or one sent after. */
  synchronized boolean mayEndWith(String item) {
    int version = version(item);
    return version >= acknowledged && version <= sent;
  }
}
