package dev.sluice.gateway.alerts;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One outage, or one warning, from its first alarm to its end. Belongs to one {@link AlertBook};
 * others read a {@link #view}.
 */
public final class Incident {
  private static final int MOST_ENTRIES = 60;

  final String id;
  final String key;
  final Instant begun;
  final Set<String> subjects = new LinkedHashSet<>();
  final Map<String, Instant> told = new LinkedHashMap<>();
  final Set<String> escalatedTo = new LinkedHashSet<>();
  final List<Entry> timeline = new ArrayList<>();
  Alarm alarm;
  Instant firstSeen;
  Instant repeated;
  int flaps;
  @Nullable Instant clearSince;
  @Nullable Instant ended;
  Served before = Served.NOTHING;
  Served base;

  /** One line of what happened. */
  public record Entry(Instant at, String text) {}

  /**
   * An incident as it stands.
   *
   * @param subject the id that it began with
   */
  public record View(
      String id,
      String subject,
      Alarm alarm,
      List<String> subjects,
      List<String> teams,
      Instant begun,
      @Nullable Instant ended,
      int flaps,
      Served served,
      List<Entry> timeline) {
    public Duration lasted(Instant now) {
      return Duration.between(begun, ended == null ? now : ended);
    }
  }

  /**
   * @param base what had been served by then
   */
  Incident(String id, Alarm alarm, Instant begun, Instant firstSeen, Served base) {
    this.id = id;
    this.key = alarm.key();
    this.alarm = alarm;
    this.begun = begun;
    this.firstSeen = firstSeen;
    this.repeated = firstSeen;
    this.base = base;
    subjects.addAll(alarm.subjects());
  }

  boolean isTold() {
    return !told.isEmpty();
  }

  /** When a team or those whom it escalates to were told last; the beginning where never. */
  Instant lastTold() {
    return told.values().stream().max(Instant::compareTo).orElse(begun);
  }

  /** In the order of the time, each once. */
  void note(Instant at, String text) {
    Entry entry = new Entry(at, text);
    if (timeline.size() < MOST_ENTRIES && !timeline.contains(entry)) {
      int place = timeline.size();
      while (place > 0 && timeline.get(place - 1).at().isAfter(at)) {
        place--;
      }
      timeline.add(place, entry);
    }
  }

  /** Whether what happened to a subject is its business; null is everybody's. */
  boolean concerns(@Nullable String subject) {
    return subject == null || subjects.contains(subject);
  }

  Served served(Served now) {
    return before.plus(now.since(base));
  }

  View view(Served now) {
    return new View(
        id,
        key,
        alarm,
        List.copyOf(subjects),
        List.copyOf(told.keySet()),
        begun,
        ended,
        flaps,
        ended == null ? served(now) : before,
        List.copyOf(timeline));
  }
}
