package dev.sluice.gateway.proxy;

import dev.sluice.config.PathForm;
import dev.sluice.config.Reads;
import dev.sluice.config.Route;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyPolicy;
import dev.sluice.gateway.route.Matched;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks anew for what writes have outdated, on routes that say so, until it is stored again: what
 * people change is what they read, and an outage must not find it gone. The question follows a
 * write that has just been done, so that the breaker does not make it draw for its share of what
 * comes back. May be called from any thread; never blocks.
 */
final class Refetches {
  /** What may be owed at once; beyond it copies are dropped as without the option. */
  private static final int MOST = 10_000;

  /** Questions that one look sends again. */
  private static final int MOST_AT_ONCE = 50;

  /**
   * Questions without an answer, two, four, eight seconds apart and so on, until it is given up.
   */
  private static final int TRIES = 6;

  private final DataPathServices services;
  private final Flights flights;
  private final Refresher refresher;
  private final Map<CopyKey, Owed> owed = new ConcurrentHashMap<>();

  Refetches(DataPathServices services, Flights flights, Refresher refresher) {
    this.services = services;
    this.flights = flights;
    this.refresher = refresher;
  }

  /** One answer that is to be stored again; a later write of the same makes another of it. */
  private static final class Owed {
    final CopyKey key;
    final Route route;
    private volatile int tries;
    private volatile long due;

    Owed(CopyKey key, Route route, long due) {
      this.key = key;
      this.route = route;
      this.due = due;
    }
  }

  /** A write has made the copies of a target old: they are dropped, and owed from now on. */
  void outdated(String host, String target) {
    Owed next = refetched(host, target);
    services.copies().evictTarget(host, target);
    if (next != null) {
      owed.put(next.key, next);
      ask(next);
    }
  }

  /** What there is a copy of, or one on its way, and whose route has it fetched anew. */
  private @Nullable Owed refetched(String host, String target) {
    int query = target.indexOf('?');
    String path = PathForm.of(query < 0 ? target : target.substring(0, query));
    Matched matched = path == null ? null : services.snapshot().get().routes().match("GET", path);
    Reads reads = matched == null ? null : matched.route().reads();
    if (matched == null || reads == null || !reads.refetch()) {
      return null;
    }
    CopyKey key = CopyPolicy.key(matched.route(), host, target, List.of());
    return key != null && expected(key)
        ? new Owed(key, matched.route(), services.nanos().getAsLong())
        : null;
  }

  private boolean expected(CopyKey key) {
    return owed.containsKey(key) || (services.copies().knows(key) && owed.size() < MOST);
  }

  /** Asks again for what could not be had; to be called every second. */
  void again() {
    long now = services.nanos().getAsLong();
    int left = MOST_AT_ONCE;
    owed.values().removeIf(each -> services.copies().knows(each.key));
    for (Owed each : List.copyOf(owed.values())) {
      if (left > 0 && now - each.due >= 0 && !closed(each.route)) {
        each.due = now;
        ask(each);
        left--;
      }
    }
  }

  private boolean closed(Route route) {
    Snapshot now = services.snapshot().get();
    return now.posture().closed(route, now.configuration().dependenciesOf(route));
  }

  private void ask(Owed each) {
    Refresher.Question question =
        refresher.plain(each.route, each.key.host(), each.key.target(), true);
    if (question == null) {
      owed.remove(each.key, each);
    } else {
      refresher.ask(question, went -> went(each, went));
    }
  }

  private void went(Owed each, Refresher.Went went) {
    switch (went) {
      case ANSWERED -> owed.remove(each.key, each);
      case UNANSWERED -> later(each);
      case REFUSED -> {}
      case ASKED_ALREADY -> after(each);
    }
  }

  /** What is asked already may have been asked before the write. */
  private void after(Owed each) {
    Flights.Flight ahead = flights.underway(each.key);
    if (ahead != null) {
      ahead.join(() -> stillOwed(each));
    }
  }

  private void stillOwed(Owed each) {
    if (owed.get(each.key) == each) {
      ask(each);
    }
  }

  private void later(Owed each) {
    int tries = each.tries + 1;
    each.tries = tries;
    each.due = services.nanos().getAsLong() + TimeUnit.SECONDS.toNanos(1L << tries);
    if (tries >= TRIES) {
      owed.remove(each.key, each);
    }
  }
}
