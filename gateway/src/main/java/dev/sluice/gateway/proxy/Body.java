package dev.sluice.gateway.proxy;

import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A request body kept under the route's bound and the gateway's memory, as a copy of its bytes.
 * Whoever holds it last releases it.
 */
final class Body {
  private static final byte[] NONE = {};

  private final int limit;
  private final MemoryBudget memory;
  private byte[] bytes = NONE;
  private int size;
  private boolean complete;
  private boolean over;
  private boolean starved;

  Body(Route route, MemoryBudget memory) {
    Writes writes = route.writes();
    this.limit = writes == null ? 0 : writes.maxBody();
    this.memory = memory;
  }

  /** Adds a piece without taking it over; false once a bound is passed. */
  boolean add(ByteBuf piece, boolean last) {
    complete |= last;
    int length = piece.readableBytes();
    if (over || starved) {
      return false;
    }
    if (size + (long) length > limit) {
      over = true;
      release();
      return false;
    }
    if (size + length > bytes.length && !grow(size + length)) {
      starved = true;
      release();
      return false;
    }
    piece.getBytes(piece.readerIndex(), bytes, size, length);
    size += length;
    return true;
  }

  private boolean grow(int least) {
    int most = Math.min(limit, Math.max(least, bytes.length * 2));
    if (!memory.take(most - bytes.length)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, most);
    return true;
  }

  boolean complete() {
    return complete;
  }

  /**
   * Whether the request's whole body is or will be within the bound, as far as is known.
   *
   * @param declared the length that the request gives, as {@link Asked#length} has it
   */
  boolean fits(long declared) {
    return !over && !starved && (complete || declared <= limit);
  }

  /** Longer than the route allows. */
  boolean over() {
    return over;
  }

  /** There was no memory for it. */
  boolean starved() {
    return starved;
  }

  int limit() {
    return limit;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Gives its memory back; nothing is kept any more. Safe to call twice. */
  void release() {
    memory.give(bytes.length);
    bytes = NONE;
    size = 0;
  }
}
