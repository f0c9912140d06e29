package dev.sluice.gateway.proxy;

import dev.sluice.config.Reads;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyPolicy;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.HeaderLines;
import dev.sluice.fallback.cache.Storable;
import dev.sluice.fallback.cache.StoredCopy;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps a copy of an answer that passes, up to the route's bound. */
final class Tee {
  private final CopyKey key;
  private final Reads reads;
  private final CopyStore copies;
  private final List<Map.Entry<String, String>> asked;
  private final List<Map.Entry<String, String>> answered;
  private final MemoryBudget memory;
  private final long stamp;
  private final int status;
  private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private int taken;

  private Tee(
      DataPathServices services,
      CopyKey key,
      Reads reads,
      Asked asked,
      HttpResponse response,
      long stamp) {
    this.copies = services.copies();
    this.memory = services.memory();
    this.key = key;
    this.reads = reads;
    this.asked = asked.headerList();
    this.answered = response.headers().entries();
    this.status = response.status().code();
    this.stamp = stamp;
  }

  /** A tee for this answer, or null where it must not be kept. */
  static @Nullable Tee of(
      DataPathServices services,
      @Nullable CopyKey key,
      Asked asked,
      HttpResponse response,
      long stamp) {
    Reads reads = asked.matched().route().reads();
    if (key == null || reads == null) {
      return null;
    }
    if (CopyPolicy.evicts(response.status().code())) {
      services.copies().evict(key);
    }
    Storable storable =
        CopyPolicy.storable(
            reads,
            asked.method(),
            response.status().code(),
            asked.headerList(),
            response.headers().entries());
    return storable == Storable.STORE
        ? new Tee(services, key, reads, asked, response, stamp)
        : null;
  }

  void add(ByteBuf piece) {
    if (bytes == null) {
      return;
    }
    int length = piece.readableBytes();
    if (bytes.size() + length > reads.maxObject() || !memory.take(length)) {
      release();
      return;
    }
    taken += length;
    try {
      piece.getBytes(piece.readerIndex(), bytes, length);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  /** The answer is complete. */
  void keep(Instant now) {
    if (bytes != null && CopyPolicy.complete(reads, answered, bytes.size())) {
      copies.keep(
          key,
          HeaderLines.joined(asked),
          StoredCopy.answered(status, answered, bytes.toByteArray(), now),
          stamp);
    }
  }

  /** Lets go of what was copied. Safe to call twice. */
  void release() {
    bytes = null;
    memory.give(taken);
    taken = 0;
  }
}
