package dev.sluice.config;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is good enough to be called fixed, and what else is to be tried.
 *
 * @param byItself whether a gateway tries a dependency out when its breaker has closed
 * @param maxFailing of connections made anew, in per cent
 * @param connectP95 how long 95 of 100 may take, up to their first answer
 * @param marked null where no record may be written and removed again
 * @param paths by the ids of routes whose path has a star: one that they take
 * @param faultProxies by the ids of dependencies that are reached through one: the resource by
 *     which it is switched, as Toxiproxy has it
 * @param steps the file's own
 * @param schedules what a running gateway tries out, and when
 */
public record Validation(
    boolean byItself,
    int maxFailing,
    Duration connectP95,
    @Nullable Marked marked,
    Map<String, String> paths,
    Map<String, URI> faultProxies,
    List<Step> steps,
    List<Schedule> schedules) {
  /** What holds where a file says nothing. */
  public static final Validation USUAL =
      new Validation(
          true, 1, Duration.ofMillis(500), null, Map.of(), Map.of(), List.of(), Schedule.USUAL);

  public Validation {
    paths = Map.copyOf(paths);
    faultProxies = Map.copyOf(faultProxies);
    steps = List.copyOf(steps);
    schedules = List.copyOf(schedules);
  }

  /**
   * A record that PUT writes, GET reads and DELETE removes, through the gateway's routes.
   *
   * @param body holds {@link #MARKER}, in whose place stands a word that is new each time
   */
  public record Marked(String path, String body, String contentType) {
    /** What a body has where the mark belongs. */
    public static final String MARKER = "{marker}";

    /** The body with this mark. */
    public String with(String mark) {
      return body.replace(MARKER, mark);
    }
  }

  /** How much is tried out, the least first. */
  public enum Suite {
    /** Every rung, and what backends say of themselves. */
    BASIC,
    /** Some connections made anew too, beside those of usual days. */
    PERFORMANCE,
    /** What {@code sluice validate} does where nothing more is said. */
    COMPREHENSIVE,
    /** As many connections as find one in twenty that fails. */
    FULL
  }

  /**
   * When something is tried out.
   *
   * @param cron five fields, as crontab(5) has them
   * @param jitter it begins up to so much later, so that gateways do not begin together
   */
  public record Schedule(String id, Suite suite, String cron, ZoneId zone, Duration jitter) {
    /** What holds where a file says nothing. */
    static final List<Schedule> USUAL =
        List.of(
            usual("basic", Suite.BASIC, "*/5 * * * *", Duration.ofMinutes(1)),
            usual("performance", Suite.PERFORMANCE, "*/15 * * * *", Duration.ofMinutes(3)),
            usual("comprehensive", Suite.COMPREHENSIVE, "0 * * * *", Duration.ofMinutes(10)),
            usual("full", Suite.FULL, "0 3 * * *", Duration.ofHours(1)));

    private static Schedule usual(String id, Suite suite, String cron, Duration jitter) {
      return new Schedule(id, suite, cron, ZoneOffset.UTC, jitter);
    }
  }

  /**
   * A step of the file's own: a request or a command.
   *
   * @param http null for a command
   * @param exec a program and its arguments; empty for a request
   * @param within how long it may take
   */
  public record Step(String id, @Nullable Http http, List<String> exec, Duration within) {
    public Step {
      exec = List.copyOf(exec);
    }
  }

  /**
   * A GET and what its answer must be.
   *
   * @param contains null where any body will do
   */
  public record Http(URI url, int status, @Nullable String contains) {}
}
