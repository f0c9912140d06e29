package dev.sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is good enough to be called fixed, and what else is to be tried.
 *
 * @param byItself whether a gateway tries a dependency out when its breaker has closed
 * @param maxFailing of connections made anew, in per cent
 * @param connectP95 how long 95 of 100 may take, up to their first answer
 * @param steps the file's own
 */
public record Validation(boolean byItself, int maxFailing, Duration connectP95, List<Step> steps) {
  /** What holds where a file says nothing. */
  public static final Validation USUAL = new Validation(true, 1, Duration.ofMillis(500), List.of());

  public Validation {
    steps = List.copyOf(steps);
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
