package dev.sluice.gateway.child;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An end of the process that nobody asked for.
 *
 * @param code its exit code, 128 and the signal's number where a signal ended it; -1 where it could
 *     not be started
 * @param ran how long it had run
 * @param row how many ends there have been since it last was well, this one among them
 * @param lines its last error lines, at most fifty, without secrets
 */
public record Ending(Instant at, int code, Duration ran, int row, List<String> lines) {
  public Ending {
    lines = List.copyOf(lines);
  }

  /** In a sentence's words, without its lines. */
  public String words() {
    String times = row == 1 ? "" : ", " + row + " times now";
    return code < 0
        ? "its process could not be started" + times
        : "its process ended with %d after %.1f s%s".formatted(code, ran.toMillis() / 1e3, times);
  }

  /** The last thing that it said; empty where it said nothing. */
  public String lastLine() {
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }
}
