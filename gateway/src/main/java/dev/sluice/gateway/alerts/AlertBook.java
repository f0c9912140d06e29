package dev.sluice.gateway.alerts;

import dev.sluice.config.Alerts;
import dev.sluice.config.Alerts.Team;
import dev.sluice.gateway.alerts.Message.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which outages there are, and what is to be said of each: once when it begins, its state from time
 * to time, to others when it lasts, once when it has ended. An alarm belongs to the outage that
 * shares a subject with it, whatever is said of it meanwhile, so that a fault that spreads, narrows
 * or comes and goes stays one. Belongs to one thread; reads no clock.
 */
public final class AlertBook {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int REMEMBERED = 100;
  private static final int MOST_PATIENT = 3;

  /** An alarm that was never told is forgotten when it has been gone for so long. */
  private static final Duration PASSING = Duration.ofSeconds(3);

  /** What happened so long before an outage was known may be its beginning. */
  private static final Duration BEFORE = Duration.ofSeconds(60);

  private static final int MOST_BEFORE = 200;

  private final List<Incident> open = new ArrayList<>();
  private final Deque<Happening> lately = new ArrayDeque<>();
  private final Deque<Incident> ended = new ArrayDeque<>();
  private final Set<Incident> changed = new LinkedHashSet<>();

  /** What is to be told, by kind and team, in the order in which it is found. */
  private Map<Kind, Map<String, List<Incident>>> news = new LinkedHashMap<>();

  /** Null for what concerns all. */
  private record Happening(@Nullable String subject, Instant at, String text) {}

  private Alerts rules = Alerts.NONE;
  private Served served = Served.NOTHING;

  /**
   * Takes what an earlier run wrote down. An outage that nobody was told of yet is the earlier one
   * where both are about the same.
   *
   * @param notes as {@link #takeChanged} gave them
   * @return how many of them were not understood
   */
  public int restore(Iterable<String> notes, Served now) {
    int lost = 0;
    List<Incident> ends = new ArrayList<>();
    for (String note : notes) {
      Incident incident = IncidentNotes.read(note, now);
      if (incident == null) {
        lost++;
      } else if (incident.ended == null) {
        open.removeIf(young -> !young.isTold() && young.alarm.shares(incident.subjects));
        open.add(0, incident);
      } else {
        ends.add(incident);
      }
    }
    ends.sort(Comparator.comparing(incident -> Objects.requireNonNull(incident.ended)));
    ends.forEach(this::remember);
    return lost;
  }

  /**
   * One look at what is wrong.
   *
   * @param unknown subjects whose end cannot be seen at the moment
   * @param now what was served since the start
   */
  public List<Message> step(
      Instant at, List<Alarm> alarms, Set<String> unknown, Alerts settings, Served now) {
    rules = settings;
    served = now;
    news = new LinkedHashMap<>();
    Set<Incident> present = new LinkedHashSet<>();
    for (Alarm alarm : alarms) {
      present.addAll(meet(alarm, at));
    }
    for (Incident incident : List.copyOf(open)) {
      if (present.contains(incident)) {
        lasts(incident, at);
      } else if (incident.subjects.stream().noneMatch(unknown::contains)) {
        gone(incident, at);
      }
    }
    return messages();
  }

  /** The outages that an alarm belongs to; the oldest takes its words. */
  private List<Incident> meet(Alarm alarm, Instant at) {
    List<Incident> known =
        open.stream().filter(incident -> alarm.shares(incident.subjects)).toList();
    if (known.isEmpty()) {
      Incident begun = begin(alarm, at);
      return List.of(begun);
    }
    Incident oldest = known.get(0);
    if (oldest.subjects.addAll(alarm.subjects()) || !oldest.alarm.agreesWith(alarm)) {
      recall(oldest);
      oldest.note(at, alarm.cause() + " " + alarm.detail() + ": " + alarm.sentence());
      changed.add(oldest);
    }
    boolean other = !oldest.alarm.cause().equals(alarm.cause());
    oldest.alarm = alarm;
    if (other && oldest.isTold() && Alarms.blames(alarm.cause())) {
      update(oldest, at);
    }
    return known;
  }

  private Incident begin(Alarm alarm, Instant at) {
    Instant begun = alarm.since().isAfter(at) ? at : alarm.since();
    Incident incident =
        new Incident(alarm.key() + "-" + STAMP.format(begun), alarm, begun, at, served);
    incident.flaps = earlierFlaps(alarm, at);
    recall(incident);
    incident.note(at, alarm.cause() + " " + alarm.detail() + ": " + alarm.sentence());
    open.add(incident);
    return incident;
  }

  /** A breaker opens before its outage is known. */
  private void recall(Incident incident) {
    for (Happening one : lately) {
      if (incident.concerns(one.subject()) && one.at().isAfter(incident.begun.minus(BEFORE))) {
        incident.note(one.at(), one.text());
      }
    }
  }

  /** What has only just ended and is back is waited for longer. */
  private int earlierFlaps(Alarm alarm, Instant at) {
    for (Incident earlier : ended) {
      Instant end = earlier.ended;
      boolean recent = end != null && end.plus(rules.resolveAfter().multipliedBy(4)).isAfter(at);
      if (recent && alarm.shares(earlier.subjects)) {
        return earlier.flaps + 1;
      }
    }
    return 0;
  }

  private void lasts(Incident incident, Instant at) {
    if (incident.clearSince != null) {
      incident.clearSince = null;
      incident.flaps++;
      incident.note(at, "It is back.");
      changed.add(incident);
    }
    String team = incident.alarm.team();
    if (!incident.isTold()) {
      boolean lasting = !at.isBefore(incident.firstSeen.plus(rules.after()));
      if (lasting && !incident.alarm.fading()) {
        tell(Kind.FIRING, incident, team, at);
      }
      return;
    }
    if (!incident.told.containsKey(team)) {
      tell(Kind.FIRING, incident, team, at);
    }
    escalate(incident, at);
    boolean working = rules.hours().at(at.atZone(ZoneOffset.UTC));
    boolean due = !at.isBefore(incident.lastTold().plus(rules.updateEvery()));
    boolean overdue = !at.isBefore(incident.repeated.plus(rules.repeatEvery()));
    if ((working && due) || overdue) {
      incident.repeated = at;
      update(incident, at);
    }
  }

  private void escalate(Incident incident, Instant at) {
    Team team = rules.team(incident.alarm.team()).orElse(null);
    Duration after = team == null ? null : team.escalateAfter();
    if (team != null
        && after != null
        && incident.escalatedTo.isEmpty()
        && !at.isBefore(incident.begun.plus(after))) {
      incident.escalatedTo.addAll(team.escalateTo());
      tell(Kind.ESCALATED, incident, team.id(), at);
    }
  }

  private void update(Incident incident, Instant at) {
    if (!at.isBefore(incident.lastTold().plus(rules.minInterval()))) {
      List.copyOf(incident.told.keySet()).forEach(team -> tell(Kind.UPDATE, incident, team, at));
    }
  }

  private void gone(Incident incident, Instant at) {
    Instant clear = incident.clearSince;
    if (clear == null) {
      incident.clearSince = at;
      incident.note(at, "It has not been seen since.");
      changed.add(incident);
      return;
    }
    Duration patience =
        rules.resolveAfter().multipliedBy(1L << Math.min(incident.flaps, MOST_PATIENT));
    if (!incident.isTold() && !at.isBefore(clear.plus(PASSING))) {
      open.remove(incident);
      changed.remove(incident);
    } else if (incident.isTold() && !at.isBefore(clear.plus(patience))) {
      end(incident, clear, at);
    }
  }

  private void end(Incident incident, Instant clear, Instant at) {
    incident.before = incident.served(served);
    incident.ended = clear;
    open.remove(incident);
    remember(incident);
    List.copyOf(incident.told.keySet()).forEach(team -> tell(Kind.RESOLVED, incident, team, at));
  }

  private void remember(Incident incident) {
    ended.addFirst(incident);
    if (ended.size() > REMEMBERED) {
      changed.remove(ended.removeLast());
    }
  }

  private void tell(Kind kind, Incident incident, String team, Instant at) {
    incident.told.put(team, at);
    incident.note(at, "Told " + team + ": " + kind.label() + ".");
    changed.add(incident);
    news.computeIfAbsent(kind, any -> new LinkedHashMap<>())
        .computeIfAbsent(team, any -> new ArrayList<>())
        .add(incident);
  }

  private List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    news.forEach(
        (kind, teams) ->
            teams.forEach(
                (team, incidents) ->
                    messages.add(
                        new Message(
                            kind,
                            team,
                            receivers(kind, team, incidents),
                            incidents.stream().map(each -> each.view(served)).toList()))));
    return messages;
  }

  /** Whoever was told that it lasts is told of its end too. */
  private List<String> receivers(Kind kind, String name, List<Incident> incidents) {
    Team team = rules.team(name).orElse(null);
    if (team == null) {
      return List.of();
    }
    if (kind == Kind.ESCALATED) {
      return team.escalateTo();
    }
    Set<String> all = new LinkedHashSet<>(team.receivers());
    incidents.forEach(incident -> all.addAll(incident.escalatedTo));
    return List.copyOf(all);
  }

  /** What Alertmanager has to hear again, or takes for ended. */
  public List<Message> reminders(Alerts settings) {
    List<Message> again = new ArrayList<>();
    for (Incident incident : open) {
      for (String name : incident.told.keySet()) {
        List<String> all =
            settings.team(name).map(Team::receivers).orElse(List.of()).stream()
                .filter(id -> settings.receiver(id).map(AlertBook::forgets).orElse(false))
                .toList();
        if (!all.isEmpty()) {
          again.add(new Message(Kind.FIRING, name, all, List.of(incident.view(served))));
        }
      }
    }
    return again;
  }

  private static boolean forgets(Alerts.Receiver receiver) {
    return receiver.type() == Alerts.Receiver.Type.ALERTMANAGER;
  }

  /** Something happened to a subject; null for what concerns all. */
  public void happened(@Nullable String subject, Instant at, String text) {
    lately.addLast(new Happening(subject, at, text));
    while (lately.size() > MOST_BEFORE || lately.getFirst().at().isBefore(at.minus(BEFORE))) {
      lately.removeFirst();
    }
    for (Incident incident : open) {
      if (incident.concerns(subject)) {
        incident.note(at, text);
        changed.add(incident);
      }
    }
  }

  /** What is to be written down since this was asked last, by key. */
  public Map<String, String> takeChanged() {
    Map<String, String> notes = new LinkedHashMap<>();
    for (Incident incident : changed) {
      if (incident.isTold()) {
        notes.put(incident.key, IncidentNotes.write(incident, served));
      }
    }
    changed.clear();
    return notes;
  }

  /** What was told of and has not ended, the oldest first. */
  public List<Incident.View> open() {
    return open.stream().filter(Incident::isTold).map(each -> each.view(served)).toList();
  }

  /** What has ended, the latest first. */
  public List<Incident.View> ended() {
    return ended.stream().map(each -> each.view(served)).toList();
  }
}
