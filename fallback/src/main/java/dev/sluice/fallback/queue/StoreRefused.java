package dev.sluice.fallback.queue;

/** The store did not take a write; nothing of it was kept, unless {@link Reason#UNHEALTHY}. */
public final class StoreRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  public StoreRefused(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Why. */
  public enum Reason {
    /** A bound is reached. */
    FULL,
    /** The principal has as much waiting as it may. */
    QUOTA,
    /** The file failed: whether the record was kept is not known, and it was not acknowledged. */
    UNHEALTHY,
    /** The client's key stands for another request. */
    KEY_CONFLICT,
    /** The store was closed. */
    CLOSED
  }
}
