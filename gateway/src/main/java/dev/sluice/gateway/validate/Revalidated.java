package dev.sluice.gateway.validate;

/**
 * A validation that a running gateway has made.
 *
 * @param subject the dependency whose breaker had closed, or the id of a schedule; else who asked
 */
public record Revalidated(Trigger trigger, String subject, Validated validated) {
  /** How every such sentence begins. */
  public static final String PREFIX = "Validation of ";

  /** Why it was made. */
  public enum Trigger {
    /** A breaker has closed. */
    CLOSED,
    /** It was time. */
    SCHEDULE,
    /** Somebody asked for it. */
    ASKED
  }

  /** Such as {@code Validation of orders-db: fixed: all 3 steps hold}. */
  public String sentence() {
    return trigger == Trigger.SCHEDULE
        ? PREFIX + "schedule " + subject + ": " + validated.sentence("well")
        : PREFIX + subject + ": " + validated.sentence("fixed");
  }
}
