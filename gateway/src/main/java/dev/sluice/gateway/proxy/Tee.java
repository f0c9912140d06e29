package dev.sluice.gateway.proxy;

import dev.sluice.config.Reads;
import dev.sluice.fallback.cache.CopyPolicy;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.Storable;
import dev.sluice.fallback.cache.StoredCopy;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps a copy of an answer that passes, up to the route's bound. */
final class Tee {
  private final Caching caching;
  private final Reads reads;
  private final CopyStore copies;
  private final boolean guesses;
  private final Duration delay;
  private final List<Map.Entry<String, String>> answered;
  private final MemoryBudget memory;
  private final long stamp;
  private final int status;
  private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private int taken;

  private Tee(
      DataPathServices services, Caching caching, Asked asked, HttpResponse response, long stamp) {
    this.copies = services.copies();
    this.memory = services.memory();
    this.caching = caching;
    this.reads = caching.reads();
    this.guesses = CopyPolicy.guesses(reads, asked.headerList());
    this.delay = Duration.ofNanos(services.nanos().getAsLong() - asked.since());
    this.answered = dated(response.headers(), services.clock().instant());
    this.status = response.status().code();
    this.stamp = stamp;
  }

  /** An answer without Date has that of its arrival (RFC 9110, section 6.6.1). */
  static List<Map.Entry<String, String>> dated(HttpHeaders headers, Instant now) {
    List<Map.Entry<String, String>> lines = new ArrayList<>(headers.entries());
    if (!headers.contains(HttpHeaderNames.DATE)) {
      lines.add(Map.entry("date", DateFormatter.format(Date.from(now))));
    }
    return lines;
  }

  /** A tee for this answer, or null where it must not be kept. */
  static @Nullable Tee of(
      DataPathServices services, Caching caching, Asked asked, HttpResponse response, long stamp) {
    int status = response.status().code();
    Storable storable =
        CopyPolicy.storable(
            caching.reads(),
            asked.method(),
            status,
            asked.headerList(),
            response.headers().entries(),
            services.clock().instant());
    boolean stored = storable == Storable.STORE;
    if (CopyPolicy.evicts(status)
        || (storable.ofTheAnswer() && superseded(caching, asked, status))) {
      services.copies().evict(caching.key());
      return stored ? Tee.made(services, caching, asked, response) : null;
    }
    return stored ? new Tee(services, caching, asked, response, stamp) : null;
  }

  /** The eviction is this answer's own doing: it may be kept all the same. */
  private static Tee made(
      DataPathServices services, Caching caching, Asked asked, HttpResponse response) {
    long stamp = services.copies().stamp(caching.key());
    return new Tee(services, caching, asked, response, stamp);
  }

  /** The backend has answered otherwise than the copy, which is not the answer any more. */
  private static boolean superseded(Caching caching, Asked asked, int status) {
    return caching.plan() != null
        && caching.copy() != null
        && asked.method().equals("GET")
        && !asked.headers().containsValue("cache-control", "no-store", true)
        && status < 500;
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
          caching.key(),
          caching.request(),
          StoredCopy.answered(status, answered, bytes.toByteArray(), now, delay, guesses),
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
