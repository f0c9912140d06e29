package dev.sluice.config;

/**
 * Which exchanges have a line in the log.
 *
 * @param oneIn of those that went well, one in so many; those that failed have theirs in any case
 */
public record AccessLog(Lines lines, int oneIn) {
  /** What failed. */
  public static final AccessLog DEFAULT = new AccessLog(Lines.ERRORS, 1);

  /** Which lines there are. */
  public enum Lines {
    NONE,
    ERRORS,
    ALL
  }

  /**
   * Whether an exchange has a line; the same in every gateway that it passes.
   *
   * @param failed by the backend or the gateway
   */
  public boolean takes(String requestId, boolean failed) {
    return switch (lines) {
      case NONE -> false;
      case ERRORS -> failed;
      case ALL -> failed || oneIn == 1 || Math.floorMod(requestId.hashCode(), oneIn) == 0;
    };
  }
}
