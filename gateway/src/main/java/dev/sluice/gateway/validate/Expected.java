package dev.sluice.gateway.validate;

/**
 * What a route is expected to do while something that it needs is down.
 *
 * @param path one that it takes
 */
public record Expected(String route, Way way, String path) {
  /** In which way it works. */
  public enum Way {
    /** It goes on as if nothing were. */
    AS_EVER,
    /** Reads are answered from stored copies. */
    COPIES,
    /** Writes are held, and done afterwards. */
    HELD,
    /** It is refused, with 503. */
    REFUSED
  }
}
