package dev.sluice.gateway.alerts;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What is wrong at the moment, consequences of one fault together.
 *
 * @param key the id that it is about, unique among those of one moment
 * @param subjects ids of all that it explains, the key among them
 * @param team who owns it
 * @param cause INFRASTRUCTURE, APPLICATION or UNKNOWN; WARNING for what has not failed yet
 * @param detail a label of the closed list, or the kind of a warning
 * @param confidence from 0 to 1
 * @param evidence sentences
 * @param commands to be copied, none where no platform is known
 * @param routes ids of those that need one of the subjects
 * @param impacts what people cannot do, in the words of the route files
 * @param fading it held when it was looked at last: whoever has not been told need not be
 */
public record Alarm(
    String key,
    List<String> subjects,
    Severity severity,
    String team,
    String cause,
    String detail,
    double confidence,
    String sentence,
    List<String> evidence,
    String remedy,
    List<String> commands,
    List<String> routes,
    List<String> impacts,
    Instant since,
    boolean fading) {
  /** How much it matters. */
  public enum Severity {
    CRITICAL,
    WARNING;

    /** As receivers read it: {@code critical}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Alarm {
    subjects = List.copyOf(subjects);
    evidence = List.copyOf(evidence);
    commands = List.copyOf(commands);
    routes = List.copyOf(routes);
    impacts = List.copyOf(impacts);
  }

  /** As it was told by a gateway that has not seen it lately. */
  public Alarm asFading() {
    return new Alarm(
        key,
        subjects,
        severity,
        team,
        cause,
        detail,
        confidence,
        sentence,
        evidence,
        remedy,
        commands,
        routes,
        impacts,
        since,
        true);
  }

  /** The same as several gateways see it. */
  public Alarm seen(
      List<String> allSubjects,
      List<String> allRoutes,
      Instant first,
      String said,
      List<String> because) {
    return new Alarm(
        key,
        allSubjects,
        severity,
        team,
        cause,
        detail,
        confidence,
        said,
        because,
        remedy,
        commands,
        allRoutes,
        impacts,
        first,
        fading);
  }

  /** Whether the other says the same, whatever it measured. */
  boolean agreesWith(Alarm other) {
    return cause.equals(other.cause) && detail.equals(other.detail);
  }

  boolean shares(Collection<String> others) {
    return subjects.stream().anyMatch(others::contains);
  }
}
