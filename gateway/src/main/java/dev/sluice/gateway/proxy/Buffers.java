package dev.sluice.gateway.proxy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/**
 * Where the bytes of all connections lie. Netty's pooled allocator with an arena for each event
 * loop: the adaptive one, which is the default, may make one loop wait for another. Chunks of 1 MiB
 * without caches of large buffers, so that memory goes back when a crowd has left.
 */
final class Buffers {
  static final ByteBufAllocator ALLOCATOR =
      new PooledByteBufAllocator(
          true,
          PooledByteBufAllocator.defaultNumHeapArena(),
          PooledByteBufAllocator.defaultNumDirectArena(),
          8192,
          7,
          64,
          0,
          false);

  private Buffers() {}

  /** Bytes of direct memory that Netty has taken from the system; 0 where it does not count. */
  static long direct() {
    return Math.max(0, PlatformDependent.usedDirectMemory());
  }

  /** Bytes of direct memory that it may take. */
  static long most() {
    return PlatformDependent.maxDirectMemory();
  }
}
