package dev.sluice.demo.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers by what they were, and keeps how old stale ones were. Safe from any thread. */
final class Tally {
  private static final int MOST_TOLD = 20;

  /** What one answer was. */
  enum Kind {
    FRESH(true),
    STALE(true),
    WRITTEN(true),
    QUEUED(true),
    REFUSED(false),
    FAILED(false),
    WRONG(false);

    private final boolean served;

    Kind(boolean served) {
      this.served = served;
    }

    /** Whether the user was served. */
    boolean served() {
      return served;
    }
  }

  private final Map<Kind, LongAdder> counts = new ConcurrentHashMap<>();
  private final List<Double> staleSeconds = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  void count(Kind kind) {
    counts.computeIfAbsent(kind, each -> new LongAdder()).increment();
  }

  void stale(double seconds) {
    count(Kind.STALE);
    synchronized (staleSeconds) {
      staleSeconds.add(seconds);
    }
  }

  void wrong(String what) {
    count(Kind.WRONG);
    synchronized (wrong) {
      if (wrong.size() < MOST_TOLD) {
        wrong.add(what);
      }
    }
  }

  long of(Kind kind) {
    LongAdder count = counts.get(kind);
    return count == null ? 0 : count.sum();
  }

  long all() {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** The share of requests that were served, from 0 to 1; 1 of none. */
  double availability() {
    long all = all();
    long served = 0;
    for (Kind kind : Kind.values()) {
      served += kind.served() ? of(kind) : 0;
    }
    return all == 0 ? 1 : (double) served / all;
  }

  /** Of stale answers, in ascending order. */
  List<Double> staleSeconds() {
    synchronized (staleSeconds) {
      return staleSeconds.stream().sorted().toList();
    }
  }

  /** The first answers that cannot be true. */
  List<String> wrong() {
    synchronized (wrong) {
      return List.copyOf(wrong);
    }
  }
}
