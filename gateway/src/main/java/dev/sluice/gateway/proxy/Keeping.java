package dev.sluice.gateway.proxy;

import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.gateway.route.Decider;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange means to the stored copies: its answer is kept, makes old ones void, or is
 * replaced by one. A fault in here is told and harms the exchange in no way.
 */
final class Keeping {
  private final Reception reception;
  private final DataPathServices services;
  private final Asked asked;
  private final @Nullable CopyKey key;
  private final long stamp;
  private @Nullable Tee tee;

  /**
   * @param key under which the answer is kept; null where it is not
   */
  Keeping(Reception reception, Asked asked, @Nullable CopyKey key) {
    this.reception = reception;
    this.services = reception.services();
    this.asked = asked;
    this.key = key;
    this.stamp = key == null ? 0 : services.copies().stamp(key);
  }

  /** The backend's answer begins. */
  void begin(HttpResponse response) {
    try {
      tee = Tee.of(services, key, asked, response, stamp);
    } catch (RuntimeException e) {
      services.observer().fault("copies", e);
    }
  }

  /** A piece of the answer's body, which is not taken over. */
  void add(ByteBuf piece) {
    if (tee != null) {
      tee.add(piece);
    }
  }

  /** The answer is complete. */
  void complete(int status) {
    try {
      if (tee != null) {
        tee.keep(services.clock().instant());
      } else if (!Decider.safe(asked.method()) && status >= 200 && status < 400) {
        services.copies().evictTarget(asked.host(), asked.target().pathAndQuery());
      }
    } catch (RuntimeException e) {
      services.observer().fault("copies", e);
    }
  }

  /** A stored copy that may be served instead of a failure, or null. */
  @Nullable StoredCopy instead() {
    try {
      return reception.gatekeeper().instead(asked, key);
    } catch (RuntimeException e) {
      services.observer().fault("copies", e);
      return null;
    }
  }

  /** Lets go of what was copied. Safe to call twice. */
  void release() {
    if (tee != null) {
      tee.release();
    }
  }
}
