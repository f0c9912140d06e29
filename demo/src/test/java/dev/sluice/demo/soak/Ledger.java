package dev.sluice.demo.soak;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is under way, what happened how often, and everything that must not happen and did. */
final class Ledger {
  private static final int REMEMBERED = 20_000;
  private static final int TOLD = 40;

  private final Map<Long, Exchange> exchanges = new ConcurrentHashMap<>();
  private final Queue<Long> order = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final LongAdder violated = new LongAdder();

  /** One exchange, as both sides see it. */
  static final class Exchange {
    final Plan plan;

    /** How often the backend read its head. */
    final AtomicInteger seen = new AtomicInteger();

    /** How the gateway says that it ended. */
    volatile String told = "nothing";

    Exchange(Plan plan) {
      this.plan = plan;
    }
  }

  /** The backend may be asked for it from now on. */
  Exchange begin(Plan plan) {
    Exchange exchange = new Exchange(plan);
    exchanges.put(plan.id(), exchange);
    order.add(plan.id());
    if (exchanges.size() > REMEMBERED) {
      exchanges.remove(order.remove());
    }
    return exchange;
  }

  /** By the request's path; null where nobody asked for that. */
  @Nullable Exchange find(String path) {
    try {
      return exchanges.get(Long.parseLong(path.substring(path.lastIndexOf('/') + 1)));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  void count(String what) {
    count(what, 1);
  }

  void count(String what, long much) {
    counts.computeIfAbsent(what, name -> new LongAdder()).add(much);
  }

  long counted(String what) {
    LongAdder count = counts.get(what);
    return count == null ? 0 : count.sum();
  }

  /** All counts by name. */
  Map<String, LongAdder> counts() {
    return counts;
  }

  void violation(String what) {
    violated.increment();
    if (violations.size() < TOLD) {
      violations.add(what);
    }
  }

  /** The first of them, one a line; empty where there is none. */
  String violations() {
    return violated.sum() == 0
        ? ""
        : violated.sum() + " violations, the first:\n  " + String.join("\n  ", violations);
  }
}
