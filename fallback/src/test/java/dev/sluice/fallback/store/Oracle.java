package dev.sluice.fallback.store;

import dev.sluice.config.Writes.OnDead;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the store must do, said as plainly as possible. */
final class Oracle {
  private final List<Entry> entries = new ArrayList<>();

  static final class Entry {
    String id;
    String key;
    String client;
    String fingerprint;
    boolean parked;
    WriteState state = WriteState.QUEUED;
    int attempts;
    long epoch;
    Instant expires;
    Instant notBefore;
    Instant finished;
    boolean interrupted;

    boolean active() {
      return !state.terminal();
    }

    boolean waits() {
      return state == WriteState.QUEUED || state == WriteState.RETRY_WAIT;
    }

    void end(WriteState end, Instant now) {
      state = end;
      finished = now;
    }

    String line() {
      return String.join(" ", id, state.name(), "" + attempts, "" + epoch, "" + interrupted);
    }
  }

  static String line(QueuedWrite write) {
    return String.join(
        " ",
        write.id(),
        write.state().name(),
        "" + write.attempts(),
        "" + write.epoch(),
        "" + write.interrupted());
  }

  List<String> lines() {
    return entries.stream().map(Entry::line).toList();
  }

  Map<WriteState, Long> counts() {
    return Arrays.stream(WriteState.values())
        .collect(
            Collectors.toMap(
                Function.identity(),
                state -> entries.stream().filter(entry -> entry.state == state).count()));
  }

  boolean backlog(String key) {
    return entries.stream()
        .anyMatch(entry -> (entry.active() || entry.parked) && key.equals(entry.key));
  }

  Entry any(Random random) {
    return entries.isEmpty() ? null : entries.get(random.nextInt(entries.size()));
  }

  /** What was accepted under this client's key, and is still kept. */
  Entry accepted(String client) {
    return entries.stream()
        .filter(entry -> client != null && client.equals(entry.client))
        .findFirst()
        .orElse(null);
  }

  void accept(String id, String key, String client, String fingerprint, Instant now) {
    Entry entry = new Entry();
    entry.id = id;
    entry.key = key;
    entry.client = client;
    entry.fingerprint = fingerprint;
    entry.expires = now.plus(Duration.ofHours(2));
    entry.notBefore = now;
    entries.add(entry);
  }

  List<String> claim(int limit, Instant now) {
    List<Entry> claimed = new ArrayList<>();
    for (Entry entry : entries) {
      if (claimed.size() < limit
          && entry.waits()
          && !entry.notBefore.isAfter(now)
          && entry.expires.isAfter(now)
          && leads(entry)) {
        claimed.add(entry);
      }
    }
    for (Entry entry : claimed) {
      entry.state = WriteState.IN_FLIGHT;
      entry.attempts++;
      entry.epoch++;
    }
    return claimed.stream().map(Entry::line).toList();
  }

  private boolean leads(Entry entry) {
    if (entry.key == null) {
      return true;
    }
    List<Entry> ofKey =
        entries.stream().filter(e -> e.active() && entry.key.equals(e.key)).toList();
    boolean held = entries.stream().anyMatch(e -> e.parked && entry.key.equals(e.key));
    return !held
        && ofKey.get(0) == entry
        && ofKey.stream().noneMatch(e -> e.state == WriteState.IN_FLIGHT);
  }

  boolean leased(Entry entry, long epoch) {
    return entry.state == WriteState.IN_FLIGHT && entry.epoch == epoch;
  }

  void retry(Entry entry, long epoch, Instant at) {
    if (leased(entry, epoch)) {
      entry.state = WriteState.RETRY_WAIT;
      entry.notBefore = at;
    }
  }

  /** Answers the ids of those that ended with it. */
  List<String> complete(Entry entry, long epoch, WriteState end, OnDead then, Instant now) {
    if (!leased(entry, epoch)) {
      return List.of();
    }
    entry.end(end, now);
    entry.parked = then == OnDead.PARK && entry.key != null;
    if (then != OnDead.FAIL_DEPENDENTS || entry.key == null) {
      return List.of();
    }
    List<Entry> behind =
        entries.stream()
            .skip(entries.indexOf(entry) + 1L)
            .filter(later -> later.waits() && entry.key.equals(later.key))
            .toList();
    behind.forEach(later -> later.end(WriteState.FAILED, now));
    return behind.stream().map(later -> later.id).toList();
  }

  boolean discard(Entry entry, Instant now) {
    if (entry.waits()) {
      entry.end(WriteState.CANCELLED, now);
      return true;
    }
    boolean parked = entry.parked;
    entry.parked = false;
    return parked;
  }

  boolean cancel(Entry entry, Instant now) {
    if (entry.state != WriteState.QUEUED) {
      return false;
    }
    entry.end(WriteState.CANCELLED, now);
    return true;
  }

  boolean requeue(Entry entry, Duration ttl, Instant now) {
    if (!entry.state.requeueable()) {
      return false;
    }
    entry.state = WriteState.QUEUED;
    entry.attempts = 0;
    entry.epoch++;
    entry.interrupted = false;
    entry.notBefore = now;
    entry.expires = now.plus(ttl);
    entry.finished = null;
    entry.parked = false;
    return true;
  }

  int expire(Instant now) {
    List<Entry> expired =
        entries.stream().filter(e -> e.waits() && !e.expires.isAfter(now)).toList();
    expired.forEach(entry -> entry.end(WriteState.EXPIRED, now));
    return expired.size();
  }

  int purge(Instant now) {
    int before = entries.size();
    Instant limit = now.minus(Duration.ofHours(1));
    entries.removeIf(entry -> !entry.active() && !entry.parked && !entry.finished.isAfter(limit));
    return before - entries.size();
  }

  void restart(Instant now) {
    for (Entry entry : entries) {
      if (entry.state == WriteState.IN_FLIGHT) {
        entry.state = WriteState.RETRY_WAIT;
        entry.interrupted = true;
        entry.epoch++;
        entry.notBefore = now;
      }
    }
  }
}
