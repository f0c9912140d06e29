package dev.sluice.gateway.proxy;

import dev.sluice.config.Route;
import dev.sluice.config.Writes;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Arrays;

/** A request body kept under the route's bound, as a copy of its bytes. */
final class Body {
  private final int limit;
  private byte[] bytes = new byte[0];
  private int size;
  private boolean complete;
  private boolean over;

  Body(Route route) {
    Writes writes = route.writes();
    limit = writes == null ? 0 : writes.maxBody();
  }

  /** Adds a piece without taking it over; false once the bound is passed. */
  boolean add(ByteBuf piece, boolean last) {
    complete |= last;
    int length = piece.readableBytes();
    if (over || size + (long) length > limit) {
      over = true;
      bytes = new byte[0];
      return false;
    }
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(size + length, bytes.length * 2)));
    }
    piece.getBytes(piece.readerIndex(), bytes, size, length);
    size += length;
    return true;
  }

  boolean complete() {
    return complete;
  }

  /** Whether the request's whole body is or will be within the bound, as far as is known. */
  boolean fits(HttpRequest request) {
    return !over && (complete || RequestRules.length(request) <= limit);
  }

  boolean over() {
    return over;
  }

  int limit() {
    return limit;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }
}
