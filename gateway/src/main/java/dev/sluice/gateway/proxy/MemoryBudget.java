package dev.sluice.gateway.proxy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that may be held at once for bodies that are gathered and answers that are copied, over all
 * connections. Safe from any thread.
 */
public final class MemoryBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  public MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** Takes so many bytes, to be given back; false where they are not to be had. */
  boolean take(long bytes) {
    long now = used.addAndGet(bytes);
    if (now > limit) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void give(long bytes) {
    if (bytes != 0) {
      used.addAndGet(-bytes);
    }
  }

  /** Bytes that are held now. */
  public long used() {
    return used.get();
  }

  /** Bytes that may be held. */
  public long limit() {
    return limit;
  }
}
