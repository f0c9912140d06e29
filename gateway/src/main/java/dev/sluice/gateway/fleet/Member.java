package dev.sluice.gateway.fleet;

import dev.sluice.gateway.alerts.Alarm;
import dev.sluice.probes.verdict.Climb;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a gateway tells the others of itself.
 *
 * @param id drawn at its start
 * @param name for people: its revision or host
 * @param leads whether it speaks for all
 * @param since when it started
 * @param mode its service mode, as its label
 * @param alarms what is wrong as far as it can see
 * @param unknown subjects of which it knows nothing yet: neither that they are well nor that they
 *     are not
 * @param climbs its last one to each dependency, where it leads; none from others
 */
public record Member(
    String id,
    String name,
    boolean leads,
    Instant since,
    String mode,
    List<Alarm> alarms,
    Set<String> unknown,
    List<Climb> climbs) {
  private static final int SHORT = 8;

  public Member {
    alarms = List.copyOf(alarms);
    unknown = Set.copyOf(unknown);
    climbs = List.copyOf(climbs);
  }

  /** What people call the gateway with this id: its revision or its host, and a part of the id. */
  public static String name(UnaryOperator<String> environment, String id) {
    String revision = environment.apply("K_REVISION");
    String host = environment.apply("HOSTNAME");
    String known = revision != null ? revision : host;
    String place = known == null ? "gateway" : known;
    return id.length() < SHORT ? place : place + "/" + id.substring(0, SHORT);
  }

  /** Whether it sees a fault of a subject. */
  boolean blames(Alarm alarm) {
    return alarms.stream()
        .anyMatch(
            own -> !own.fading() && own.subjects().stream().anyMatch(alarm.subjects()::contains));
  }
}
