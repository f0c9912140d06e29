package dev.sluice.gateway.drill;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One drill.
 *
 * @param dependency is taken to be down
 * @param until when it ends by itself
 * @param failed answers with 5xx that clients of the routes concerned have got so far
 * @param ended null while it runs
 * @param why it ended; null while it runs
 */
public record Drill(
    String dependency,
    Instant begun,
    Instant until,
    int failed,
    @Nullable Instant ended,
    @Nullable String why) {
  /** Whether requests are decided by it now. */
  public boolean running() {
    return ended == null;
  }
}
