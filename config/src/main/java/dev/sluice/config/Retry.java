package dev.sluice.config;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Further tries of a request that failed. Only what is safe to repeat is repeated: a request that
 * cannot have reached the backend, or one that is idempotent (RFC 9110, section 9.2.2) or carries
 * an Idempotency-Key.
 *
 * @param times tries after the first
 * @param on what a try must have ended with
 * @param perTryDeadline from the end of the request to the response head, for each try; null: the
 *     backend's response deadline
 */
public record Retry(int times, Set<On> on, @Nullable Duration perTryDeadline) {
  public Retry {
    on = Set.copyOf(on);
  }

  /** How a try ended. */
  public enum On {
    CONNECT_FAILED,
    RESET,
    TIMEOUT,
    HTTP_502,
    HTTP_503,
    HTTP_504;

    /** As a route file and metrics have it, such as {@code http-502}. */
    public String label() {
      return Values.word(this);
    }
  }
}
