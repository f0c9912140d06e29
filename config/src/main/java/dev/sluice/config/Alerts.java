package dev.sluice.config;

import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of outages, and when.
 *
 * @param after how long a fault has to be said before anybody is told
 * @param resolveAfter how long it has to be gone before that is told
 * @param minInterval between two messages on one outage to one team, its end apart
 * @param updateEvery how often the state of an outage is told while it lasts, in business hours
 * @param repeatEvery how often it is told again at any hour
 * @param runbook where remedies are written down, {@code {detail}} in it stands for the detail
 * @param dashboard where figures are shown
 */
public record Alerts(
    List<Receiver> receivers,
    List<Team> teams,
    Duration after,
    Duration resolveAfter,
    Duration minInterval,
    Duration updateEvery,
    Duration repeatEvery,
    Hours hours,
    @Nullable String runbook,
    @Nullable String dashboard,
    Warnings warnings) {
  /** Everything goes to the log, and to nobody else. */
  public static final Alerts NONE =
      new Alerts(
          List.of(),
          List.of(),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofHours(4),
          Duration.ofHours(24),
          Hours.USUAL,
          null,
          null,
          Warnings.USUAL);

  /** Teams that are there without being named. */
  public static final List<String> USUAL_TEAMS = List.of("infrastructure", "development");

  public Alerts {
    receivers = List.copyOf(receivers);
    teams = List.copyOf(teams);
  }

  public Optional<Receiver> receiver(String id) {
    return receivers.stream().filter(each -> each.id().equals(id)).findFirst();
  }

  public Optional<Team> team(String id) {
    return teams.stream().filter(each -> each.id().equals(id)).findFirst();
  }

  /**
   * Where messages go.
   *
   * @param url null where the type needs none
   * @param key what signs a webhook's messages, or PagerDuty's routing key; null where there is
   *     none
   */
  public record Receiver(String id, Type type, @Nullable URI url, @Nullable Secret key) {
    /** What it speaks. */
    public enum Type {
      WEBHOOK,
      SLACK,
      PAGERDUTY,
      ALERTMANAGER,
      LOG
    }
  }

  /**
   * Who owns faults.
   *
   * @param receivers told of each of them
   * @param escalateAfter how long a fault lasts before others are told too; null for never
   * @param escalateTo the receivers that are told then
   */
  public record Team(
      String id,
      List<String> receivers,
      @Nullable Duration escalateAfter,
      List<String> escalateTo) {
    public Team {
      receivers = List.copyOf(receivers);
      escalateTo = List.copyOf(escalateTo);
    }
  }

  /** When somebody is at work. */
  public record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
    /** Monday to Friday, 8 to 18 o'clock UTC. */
    public static final Hours USUAL =
        new Hours(
            Set.of(
                DayOfWeek.MONDAY,
                DayOfWeek.TUESDAY,
                DayOfWeek.WEDNESDAY,
                DayOfWeek.THURSDAY,
                DayOfWeek.FRIDAY),
            LocalTime.of(8, 0),
            LocalTime.of(18, 0),
            ZoneId.of("UTC"));

    public Hours {
      days = Set.copyOf(days);
    }

    public boolean at(ZonedDateTime any) {
      ZonedDateTime here = any.withZoneSameInstant(zone);
      LocalTime time = here.toLocalTime();
      return days.contains(here.getDayOfWeek()) && !time.isBefore(from) && time.isBefore(to);
    }
  }

  /**
   * What is worth a word before it fails.
   *
   * @param queueAge the oldest held write has waited for so long
   * @param runway in an outage, stored copies last no longer
   * @param diskFree of the store's disk, in per cent
   * @param certificate one of the gateway's own, a dependency's or a backend's ends within so long
   */
  public record Warnings(Duration queueAge, Duration runway, int diskFree, Duration certificate) {
    public static final Warnings USUAL =
        new Warnings(Duration.ofMinutes(15), Duration.ofMinutes(5), 10, Duration.ofDays(14));
  }
}
