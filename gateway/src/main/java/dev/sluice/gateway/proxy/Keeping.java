package dev.sluice.gateway.proxy;

import dev.sluice.fallback.cache.CacheStatus;
import dev.sluice.fallback.cache.CopyPolicy;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.gateway.proxy.ExchangeObserver.Cached;
import dev.sluice.gateway.route.Decider;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What one forwarded exchange means to the stored copies: it asks about one, its answer is kept,
 * makes old ones void, or is replaced by one. A fault in here is told and harms the exchange in no
 * way.
 */
final class Keeping {
  /** How long a backend that failed is not asked about the same again, a quarter more or less. */
  private static final long HOLD_OFF_MILLIS = 4_000;

  private final Reception reception;
  private final DataPathServices services;
  private final Asked asked;
  private final @Nullable Caching caching;
  private final Flights.@Nullable Flight flight;
  private final long stamp;
  private @Nullable Tee tee;
  private boolean collapsing;

  /**
   * @param caching null where the exchange is none of the copies' business
   * @param flight others wait for this exchange; null where nobody does
   */
  Keeping(
      Reception reception,
      Asked asked,
      @Nullable Caching caching,
      Flights.@Nullable Flight flight) {
    this.reception = reception;
    this.services = reception.services();
    this.asked = asked;
    this.caching = caching;
    this.flight = flight;
    this.stamp = caching == null ? 0 : services.copies().stamp(caching.key());
    this.collapsing = flight != null;
  }

  /** Has the backend asked whether the copy still holds (RFC 9111, section 4.3.1). */
  void ask(HttpHeaders request) {
    StoredCopy validated = caching == null ? null : caching.validated();
    if (validated != null) {
      Validators.ask(validated, request);
    }
  }

  /**
   * How long the answer is waited for: where a stale copy may stand in for it, not for long. Null
   * for as long as any.
   */
  @Nullable Duration patience() {
    Caching own = caching;
    if (own == null || own.plan() == null || !standsIn(own)) {
      return null;
    }
    long spent = services.nanos().getAsLong() - asked.since();
    Duration left = own.reads().revalidateDeadline().minusNanos(spent);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Whether there is a copy now that may be served instead of an answer. */
  boolean standsIn() {
    try {
      return reception.gatekeeper().instead(asked, caching) != null;
    } catch (RuntimeException e) {
      services.observer().fault("copies", e);
      return false;
    }
  }

  private boolean standsIn(Caching own) {
    StoredCopy copy = own.copy();
    return copy != null && CopyPolicy.usable(own.reads(), copy, services.clock().instant());
  }

  /** The copy that was asked about, where this answer says that it still holds; else null. */
  @Nullable StoredCopy confirmed(HttpResponse response) {
    Caching own = caching;
    StoredCopy validated = own == null ? null : own.validated();
    if (own == null || validated == null || response.status().code() != 304) {
      return null;
    }
    StoredCopy merged =
        validated.confirmed(
            response.headers().entries(),
            services.clock().instant(),
            spent(),
            CopyPolicy.guesses(own.reads(), asked.headerList()));
    reception.copies().saw(asked, Cached.VALIDATED);
    services.copies().confirm(own.reads(), own.key(), own.request(), merged, stamp);
    return merged;
  }

  private Duration spent() {
    return Duration.ofNanos(services.nanos().getAsLong() - asked.since());
  }

  /** The backend's answer begins: it is kept or not. */
  void begin(HttpResponse response) {
    Caching own = caching;
    if (own == null) {
      return;
    }
    try {
      tee = Tee.of(services, own, asked, response, stamp);
      if (own.plan() != null) {
        reception.copies().saw(asked, tee == null ? Cached.PASSED : Cached.STORED);
      }
      if (tee == null && flight != null && collapsing) {
        flight.unshared();
      }
    } catch (RuntimeException e) {
      services.observer().fault("copies", e);
    }
  }

  /** Says in the answer what became of it here. */
  void told(HttpHeaders answer) {
    if (caching != null && caching.plan() != null) {
      String status = CacheStatus.forwarded(caching.forwarded(), 0, tee != null, false, null);
      answer.add(CacheStatus.FIELD, status);
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
        reception.copies().refetches().outdated(asked.host(), asked.target().pathAndQuery());
      }
    } catch (RuntimeException e) {
      services.observer().fault("copies", e);
    }
  }

  /** The way to another backend of the route that may answer instead of this one; or null. */
  Gatekeeper.@Nullable Passage elsewhere() {
    try {
      return caching == null ? null : reception.gatekeeper().elsewhere(asked, caching);
    } catch (RuntimeException e) {
      services.observer().fault("instead", e);
      return null;
    }
  }

  /** A stored copy that may be served instead of a failure, or null. */
  @Nullable StoredCopy instead() {
    Caching own = caching;
    try {
      StoredCopy copy = reception.gatekeeper().instead(asked, own);
      if (copy != null) {
        reception.copies().saw(asked, Cached.STALE);
      }
      if (copy != null && own != null && own.plan() != null) {
        copy.hold(holdOff(services.clock().instant()));
      }
      return copy;
    } catch (RuntimeException e) {
      services.observer().fault("copies", e);
      return null;
    }
  }

  static Instant holdOff(Instant now) {
    long spread = ThreadLocalRandom.current().nextLong(HOLD_OFF_MILLIS / 2);
    return now.plusMillis(HOLD_OFF_MILLIS * 3 / 4 + spread);
  }

  /** What Cache-Status says of a copy that is served after the backend was asked. */
  String status(int fwdStatus, @Nullable String detail) {
    CacheStatus.Forwarded why =
        caching == null || caching.plan() == null
            ? CacheStatus.Forwarded.STALE
            : caching.forwarded();
    return CacheStatus.forwarded(why, fwdStatus, false, false, detail);
  }

  /** Lets go of what was copied, and of whoever waits. Safe to call twice. */
  void release() {
    if (tee != null) {
      tee.release();
    }
    if (flight != null) {
      collapsing = false;
      flight.end();
    }
  }
}
