package dev.sluice.fallback.store;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/**
 * Puts what the driver encodes into plain arrays, which the garbage collector takes back: it drops
 * the parameters of a statement that a closing socket refuses without releasing them. What sockets
 * read is pooled as ever.
 */
final class HeapParameters extends AbstractByteBufAllocator {
  static final ByteBufAllocator INSTANCE = new HeapParameters();

  private HeapParameters() {
    super(false);
  }

  @Override
  protected ByteBuf newHeapBuffer(int initial, int most) {
    return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initial, most);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initial, int most) {
    return ByteBufAllocator.DEFAULT.directBuffer(initial, most);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return ByteBufAllocator.DEFAULT.isDirectBufferPooled();
  }
}
