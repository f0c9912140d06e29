package dev.sluice.gateway.recording;

import java.time.Instant;
import java.util.Locale;

/**
 * Something that a gateway did.
 *
 * @param subject the id that it is about; empty where it concerns all
 * @param what in a few words, the same whenever the same was done
 */
public record Act(Instant at, Kind kind, String subject, String what) {
  /** What kind of thing. */
  public enum Kind {
    VERDICT,
    BREAKER,
    MODE,
    ALERT;

    /** As recordings have it: {@code breaker}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether another did the same, whenever. */
  boolean isLike(Act other) {
    return kind == other.kind && subject.equals(other.subject) && what.equals(other.what);
  }

  @Override
  public String toString() {
    return kind.label() + " " + (subject.isEmpty() ? "" : subject + " ") + what;
  }
}
