package dev.sluice.gateway.proxy;

import dev.sluice.config.Filter;
import dev.sluice.fallback.cache.CacheStatus;
import dev.sluice.fallback.cache.GzippedCopies;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.gateway.proxy.ExchangeObserver.Cached;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.gateway.proxy.http1.EncodedAnswer;
import dev.sluice.gateway.route.Decision;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Answers from stored copies, and has requests wait for answers that are on their way. */
final class CopyDesk {
  private static final AsciiString LINK = AsciiString.cached("link");
  private static final long GZIPPED_BYTES = 16L << 20;

  private final Reception reception;
  private final DataPathServices services;
  private final Refresher refresher;
  private final Refetches refetches;
  private final GzippedCopies gzipped = new GzippedCopies(GZIPPED_BYTES);

  CopyDesk(Reception reception, Refresher refresher, Refetches refetches) {
    this.reception = reception;
    this.services = reception.services();
    this.refresher = refresher;
    this.refetches = refetches;
  }

  Refresher refresher() {
    return refresher;
  }

  Refetches refetches() {
    return refetches;
  }

  /** What the route's cache did. */
  void saw(Asked asked, Cached what) {
    services.observer().cached(asked.matched().route().id(), what);
    RequestSpans spans = asked.spans();
    if (spans != null) {
      spans.cached(what);
    }
  }

  /** The same is asked already: the request waits for that, where it still can. */
  void wait(ClientHandler client, Asked asked, Flights.Flight ahead) {
    saw(asked, Cached.COLLAPSED);
    if (!new Collapsed(reception, client, asked).begin(ahead)) {
      reception.again(client, asked);
    }
  }

  /** Carries a decision out. */
  void serve(
      ClientHandler client, Asked asked, Decision.ServeStored stored, @Nullable Caching caching) {
    StoredCopy copy = stored.copy();
    saw(asked, stored.detail() == null ? Cached.HIT : Cached.STALE);
    long ttl = copy.ttlSeconds(services.clock().instant());
    serve(client, asked, copy, CacheStatus.hit(ttl, stored.detail()));
    if (stored.refresh() && caching != null) {
      refresher.ask(asked, caching);
    }
  }

  /**
   * Answers with a stored copy.
   *
   * @param status a member of Cache-Status
   */
  void serve(ClientHandler client, Asked asked, StoredCopy copy, String status) {
    boolean pending = reception.gatekeeper().pendingWrite(asked);
    String told = pending ? CacheStatus.pending(status) : status;
    Instant now = services.clock().instant();
    boolean zips = zips(asked, copy);
    StoredCopy form = zips && Gzipping.takes(asked.headers()) ? gzipped.of(copy) : copy;
    EncodedAnswer answer =
        Answers.of(form, new NettyFields(asked.headers()), now, told)
            .add(Headers.MODE, asked.mode())
            .add(Headers.REQUEST_ID, asked.requestId());
    if (zips) {
      answer.add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
    }
    String monitor = pending ? reception.gatekeeper().pendingMonitor(asked) : null;
    if (monitor != null) {
      answer.add(LINK, "<" + monitor + ">; rel=\"monitor\"");
    }
    CrossOrigin.tell(asked, answer);
    reception.ended(asked, Outcome.STORED_COPY, answer.status());
    client.answer(answer);
  }

  /** Whether its form depends on what the client takes; parts are always parts of the original. */
  private static boolean zips(Asked asked, StoredCopy copy) {
    Filter.Gzip filter = asked.matched().rewriting().gzip();
    int length = copy.body().length;
    return filter != null
        && length <= GzippedCopies.MOST
        && !asked.headers().contains(HttpHeaderNames.RANGE)
        && Gzipping.text(filter, copy.status(), copy.fields(), Integer.toString(length));
  }
}
