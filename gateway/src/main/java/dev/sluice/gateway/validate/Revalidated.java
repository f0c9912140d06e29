package dev.sluice.gateway.validate;

/**
 * A validation that the gateway made by itself.
 *
 * @param subject the dependency whose breaker had closed
 */
public record Revalidated(String subject, Validated validated) {
  /** How every such sentence begins. */
  public static final String PREFIX = "Validation of ";

  /** Such as {@code Validation of orders-db: fixed: all 3 steps hold}. */
  public String sentence() {
    return PREFIX + subject + ": " + validated.sentence();
  }
}
