package dev.sluice.gateway.app;

import dev.sluice.gateway.admin.Hour;
import dev.sluice.gateway.admin.Hour.Minute;
import dev.sluice.gateway.admin.Hour.Turn;
import dev.sluice.gateway.proxy.ExchangeObserver.Ended;
import dev.sluice.gateway.proxy.ExchangeObserver.Outcome;
import dev.sluice.probes.breaker.Move;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Remembers the last hour of traffic and breakers, for the status page. Safe from any thread. */
final class Chronicle {
  private static final int MINUTES = 60;
  private static final int MOST_TURNS = 500;

  /** Minutes before the one that runs, which tell what is usual. */
  private static final int BEFORE = 2;

  /** Four for each doubling of a duration, from a microsecond to some minutes. */
  private static final int STEPS = 4;

  private static final int BUCKETS = 30 * STEPS;
  private static final Set<Outcome> OWN =
      Set.of(Outcome.HEALTH, Outcome.MONITOR, Outcome.CLIENT_GONE);

  private final InstantSource clock;
  private final AtomicReferenceArray<@Nullable Bucket> ring = new AtomicReferenceArray<>(MINUTES);
  private final Deque<Turn> turns = new ArrayDeque<>();

  /** One minute while it is counted. */
  private static final class Bucket {
    final long minute;
    final LongAdder requests = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder copies = new LongAdder();
    final AtomicIntegerArray durations = new AtomicIntegerArray(BUCKETS);

    Bucket(long minute) {
      this.minute = minute;
    }

    Minute counted() {
      return new Minute(
          minute, requests.sum(), failed.sum(), copies.sum(), quantile(.5), quantile(.99));
    }

    /** In milliseconds, at least one where there was a request. */
    private int quantile(double share) {
      long all = 0;
      for (int i = 0; i < BUCKETS; i++) {
        all += durations.get(i);
      }
      long left = (long) Math.ceil(all * share);
      for (int i = 0; i < BUCKETS; i++) {
        left -= durations.get(i);
        if (left <= 0 && all > 0) {
          return upTo(i);
        }
      }
      return 0;
    }
  }

  Chronicle(InstantSource clock) {
    this.clock = clock;
  }

  /** A request was answered; called on event loops. */
  void ended(Ended exchange) {
    if (OWN.contains(exchange.outcome())) {
      return;
    }
    Bucket bucket = bucket(clock.millis() / 60_000);
    bucket.requests.increment();
    if (exchange.status() >= 500 || exchange.status() == 0) {
      bucket.failed.increment();
    } else if (exchange.outcome() == Outcome.STORED_COPY) {
      bucket.copies.increment();
    }
    bucket.durations.incrementAndGet(index(exchange.nanos()));
  }

  /** Of a duration in nanoseconds: its doubling by the highest bit, its step by the next two. */
  static int index(long nanos) {
    long micros = Math.max(1, nanos / 1000);
    int doubling = 63 - Long.numberOfLeadingZeros(micros);
    int step = (int) (doubling >= 2 ? micros >> (doubling - 2) : micros << (2 - doubling)) & 3;
    return Math.min(BUCKETS - 1, doubling * STEPS + step);
  }

  /** Milliseconds that all durations of this index stay under, at least one. */
  static int upTo(int index) {
    double micros = (1L << (index / STEPS)) * (1 + (index % STEPS + 1.0) / STEPS);
    return (int) Math.max(1, Math.ceil(micros / 1000));
  }

  private Bucket bucket(long minute) {
    int slot = (int) (minute % MINUTES);
    Bucket bucket = ring.get(slot);
    if (bucket != null && bucket.minute >= minute) {
      return bucket;
    }
    Bucket fresh = new Bucket(minute);
    return ring.compareAndSet(slot, bucket, fresh) ? fresh : bucket(minute);
  }

  /**
   * Begins to watch how clients fare.
   *
   * @return tells whether they have fared worse since, beside the minutes before
   */
  BooleanSupplier guard() {
    long from = clock.millis() / 60_000 - BEFORE;
    Fared usual = fared(from);
    return () -> fared(from).since(usual).worseThan(usual);
  }

  /** Since this minute. */
  private Fared fared(long from) {
    long requests = 0;
    long failed = 0;
    long[] durations = new long[BUCKETS];
    for (int slot = 0; slot < MINUTES; slot++) {
      Bucket bucket = ring.get(slot);
      if (bucket != null && bucket.minute >= from) {
        requests += bucket.requests.sum();
        failed += bucket.failed.sum();
        for (int i = 0; i < BUCKETS; i++) {
          durations[i] += bucket.durations.get(i);
        }
      }
    }
    return new Fared(requests, failed, durations);
  }

  /** A breaker moved; called on any thread. */
  void moved(Move move) {
    if (move.from() != move.to()) {
      synchronized (turns) {
        turns.addLast(new Turn(clock.instant(), move.id(), move.to()));
        if (turns.size() > MOST_TURNS) {
          turns.removeFirst();
        }
      }
    }
  }

  Hour hour() {
    Instant now = clock.instant();
    long first = now.getEpochSecond() / 60 - MINUTES + 1;
    List<Minute> minutes = new ArrayList<>();
    for (long minute = first; minute < first + MINUTES; minute++) {
      Bucket bucket = ring.get((int) (minute % MINUTES));
      if (bucket != null && bucket.minute == minute) {
        minutes.add(bucket.counted());
      }
    }
    synchronized (turns) {
      forget(now.minus(Duration.ofHours(1)));
      return new Hour(minutes, List.copyOf(turns));
    }
  }

  /** What was before the hour, but for each breaker's last turn. */
  private void forget(Instant begin) {
    while (turns.size() > 1
        && turns.getFirst().at().isBefore(begin)
        && turns.stream().skip(1).anyMatch(later -> sameBefore(later, begin))) {
      turns.removeFirst();
    }
  }

  private boolean sameBefore(Turn later, Instant begin) {
    return later.id().equals(turns.getFirst().id()) && later.at().isBefore(begin);
  }
}
