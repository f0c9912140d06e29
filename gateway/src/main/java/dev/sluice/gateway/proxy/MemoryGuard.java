package dev.sluice.gateway.proxy;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches the direct memory that Netty has taken for the buffers of all connections. Above the
 * limit new requests are refused, until an eighth of the limit is free again: those in flight are
 * bounded each, and need room to end. Safe from any thread.
 */
public final class MemoryGuard {
  private final long limit;
  private final LongSupplier measured;
  private volatile boolean over;

  MemoryGuard(long limit, LongSupplier measured) {
    this.limit = limit;
    this.measured = measured;
  }

  /**
   * @param limit bytes; null: three quarters of what the JVM may take
   */
  static MemoryGuard of(@Nullable Long limit) {
    return new MemoryGuard(limit == null ? Buffers.most() / 4 * 3 : limit, Buffers::direct);
  }

  /** Measures once. */
  void look() {
    long least = over ? limit - limit / 8 : limit;
    over = measured.getAsLong() > least;
  }

  /** Whether new requests are refused, as of the last look. */
  public boolean over() {
    return over;
  }

  /** Bytes of direct memory that are taken. */
  public long used() {
    return measured.getAsLong();
  }

  /** Bytes of direct memory above which new requests are refused. */
  public long limit() {
    return limit;
  }
}
