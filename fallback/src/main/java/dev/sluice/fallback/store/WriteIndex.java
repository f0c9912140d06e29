package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The active records in memory, those that hold up their ordering key after their end, and sums of
 * the others. The writer's thread alone changes it; others read what {@link #publish} let out. A
 * key's backlog grows at once but shrinks only on publication, that is after the commit: nobody
 * overtakes a record that a crash would bring back.
 */
final class WriteIndex {
  private final Map<String, Row> byId = new HashMap<>();
  private final Map<String, TreeMap<Long, Row>> waiting = new HashMap<>(); // by route
  private final TreeMap<Long, Long> created = new TreeMap<>();
  private final Map<String, TreeSet<Long>> keys = new HashMap<>();
  private final Set<String> busyKeys = new HashSet<>();
  private final Map<String, Integer> parkedKeys = new HashMap<>();
  private final Map<WriteState, Long> working;
  private final Shares shares = new Shares();
  private final EndedBytes ended;
  private long bytes;

  /** No waiting record runs out of time before it. */
  private long earliestEnd = Long.MAX_VALUE;

  private final Backlog backlog = new Backlog();
  private final ClientKeys clientKeys = new ClientKeys();
  private final List<String> leaving = new ArrayList<>();
  private volatile Map<WriteState, Long> counts;
  private volatile long oldest = Long.MAX_VALUE;
  private volatile boolean any;

  WriteIndex(Map<WriteState, Long> counts, EndedBytes ended) {
    this.ended = ended;
    this.working = new EnumMap<>(counts);
    this.counts = Map.copyOf(counts);
  }

  /** Takes up a record that is in the file already and therefore counted. */
  void load(Row row) {
    working.merge(row.state(), -1L, Long::sum);
    replace(null, row);
  }

  /** Takes up a client's key that a record in the file was accepted under. */
  void keyed(String idempotencyTag) {
    clientKeys.add(idempotencyTag);
  }

  /** A record changed; null before means new, null after means deleted. */
  void replace(@Nullable Row before, @Nullable Row after) {
    if (before != null) {
      working.merge(before.state(), -1L, Long::sum);
      remove(before);
    }
    if (after != null) {
      working.merge(after.state(), 1L, Long::sum);
      add(after);
    }
    stand(before, after);
    if (before == null && after != null && after.idempotencyTag() != null) {
      clientKeys.add(after.idempotencyTag());
    } else if (after == null && before != null && before.idempotencyTag() != null) {
      clientKeys.remove(before.idempotencyTag());
    }
  }

  /** Whether it stands in the way of its ordering key, and did. */
  private void stand(@Nullable Row before, @Nullable Row after) {
    String stood = before != null && before.holdsUp() ? before.orderTag() : null;
    String stands = after != null && after.holdsUp() ? after.orderTag() : null;
    if (after != null && stands != null && stood == null) {
      backlog.came(stands, after.id(), after.principalTag());
    } else if (stood != null && stands == null) {
      leaving.add(stood);
    }
  }

  private void add(Row row) {
    String key = row.orderTag();
    if (row.parked() && key != null) {
      parkedKeys.merge(key, 1, Integer::sum);
    }
    if (!row.active()) {
      return;
    }
    byId.put(row.id(), row);
    created.put(row.sequence(), row.createdAt());
    bytes += row.bytes();
    shares.came(row);
    if (row.waiting()) {
      waiting.computeIfAbsent(row.routeId(), any -> new TreeMap<>()).put(row.sequence(), row);
      earliestEnd = Math.min(earliestEnd, row.expiresAt());
    }
    if (key != null) {
      keys.computeIfAbsent(key, any -> new TreeSet<>()).add(row.sequence());
      if (!row.waiting()) {
        busyKeys.add(key);
      }
    }
  }

  private void remove(Row row) {
    String key = row.orderTag();
    if (row.parked() && key != null) {
      parkedKeys.computeIfPresent(key, (k, n) -> n > 1 ? n - 1 : null);
    }
    if (!row.active()) {
      return;
    }
    byId.remove(row.id());
    created.remove(row.sequence());
    TreeMap<Long, Row> ofRoute = waiting.get(row.routeId());
    if (ofRoute != null && ofRoute.remove(row.sequence()) != null && ofRoute.isEmpty()) {
      waiting.remove(row.routeId());
    }
    bytes -= row.bytes();
    shares.left(row);
    if (key != null) {
      TreeSet<Long> sequences = keys.get(key);
      if (sequences != null && sequences.remove(row.sequence()) && sequences.isEmpty()) {
        keys.remove(key);
      }
      if (!row.waiting()) {
        busyKeys.remove(key);
      }
    }
  }

  /**
   * The records that may be sent now: due, first of their key, on an open route. A route is asked
   * about while any of its records waits; those of a closed one cost nothing, however many.
   */
  List<Row> due(int limit, long now, Predicate<String> openRoute) {
    List<Row> due = new ArrayList<>();
    waiting.forEach(
        (route, rows) -> {
          if (openRoute.test(route)) {
            rows.values().stream().filter(row -> due(row, now)).limit(limit).forEach(due::add);
          }
        });
    due.sort(Comparator.comparingLong(Row::sequence));
    return due.size() <= limit ? due : due.subList(0, limit);
  }

  private boolean due(Row row, long now) {
    return row.notBefore() <= now && row.expiresAt() > now && leads(row);
  }

  private boolean leads(Row row) {
    String key = row.orderTag();
    if (key == null) {
      return true;
    }
    TreeSet<Long> sequences = keys.get(key);
    return !busyKeys.contains(key)
        && !parkedKeys.containsKey(key)
        && sequences != null
        && sequences.first() == row.sequence();
  }

  /** Waiting records behind this one with the same ordering key. */
  List<Row> behind(Row row) {
    String key = row.orderTag();
    TreeSet<Long> sequences = key == null ? null : keys.get(key);
    return sequences == null
        ? List.of()
        : sequences.tailSet(row.sequence(), false).stream()
            .map(this::waiting)
            .filter(Objects::nonNull)
            .toList();
  }

  /** A waiting record, on whichever route; null where none waits. */
  private @Nullable Row waiting(long sequence) {
    for (TreeMap<Long, Row> rows : waiting.values()) {
      Row row = rows.get(sequence);
      if (row != null) {
        return row;
      }
    }
    return null;
  }

  /** Waiting records whose time ran out; looked for only when one's time may have. */
  List<Row> expired(long now, int limit) {
    if (now < earliestEnd) {
      return List.of();
    }
    List<Row> expired = new ArrayList<>();
    long next = Long.MAX_VALUE;
    for (TreeMap<Long, Row> rows : waiting.values()) {
      for (Row row : rows.values()) {
        if (row.expiresAt() <= now && expired.size() < limit) {
          expired.add(row);
        } else {
          next = Math.min(next, row.expiresAt());
        }
      }
    }
    earliestEnd = next;
    return expired;
  }

  List<Row> inFlight() {
    return byId.values().stream().filter(row -> !row.waiting()).toList();
  }

  @Nullable Row active(String id) {
    return byId.get(id);
  }

  int records() {
    return byId.size();
  }

  long bytes() {
    return bytes;
  }

  Shares shares() {
    return shares;
  }

  EndedBytes ended() {
    return ended;
  }

  /** Shows what was committed to the threads that only read. */
  void publish() {
    leaving.forEach(backlog::left);
    leaving.clear();
    counts = Map.copyOf(working);
    oldest = created.isEmpty() ? Long.MAX_VALUE : created.firstEntry().getValue();
    any = !created.isEmpty() || !parkedKeys.isEmpty();
  }

  /** For any thread. */
  Backlog backlog() {
    return backlog;
  }

  /** Whether a record was accepted under this client's key; for any thread. */
  boolean knows(String idempotencyTag) {
    return clientKeys.has(idempotencyTag);
  }

  /** Whether any record stands in anything's way; for any thread. */
  boolean anyBacklog() {
    return any;
  }

  /** Creation time of the oldest active record; {@link Long#MAX_VALUE} when there is none. */
  long oldest() {
    return oldest;
  }

  Map<WriteState, Long> counts() {
    return counts;
  }
}
