package dev.sluice.gateway.route;

import dev.sluice.fallback.cache.StoredCopy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What becomes of a request. */
public sealed interface Decision {
  /** For logs and metrics, such as {@code serve-stored}. */
  String label();

  /**
   * To the backend.
   *
   * @param queueOnFailure a write that may be queued when the backend does not answer
   * @param canary sent although a breaker is open, without a permit
   */
  record Forward(boolean queueOnFailure, boolean canary) implements Decision {
    @Override
    public String label() {
      return "forward";
    }
  }

  /**
   * A stored copy is served.
   *
   * @param detail for Cache-Status (RFC 9211); null for a copy that is fresh
   * @param refresh the backend is asked for a newer one meanwhile
   */
  record ServeStored(StoredCopy copy, @Nullable String detail, boolean refresh)
      implements Decision {
    @Override
    public String label() {
      return "serve-stored";
    }
  }

  /** The write is kept durably and answered 202. */
  record Enqueue() implements Decision {
    @Override
    public String label() {
      return "enqueue";
    }
  }

  /** Answered from the posture. */
  record AnswerHealth() implements Decision {
    @Override
    public String label() {
      return "answer-health";
    }
  }

  /** Refused with problem+json (RFC 9457). */
  record Reject(int status, String title, String detail, @Nullable Duration retryAfter)
      implements Decision {
    @Override
    public String label() {
      return "reject";
    }
  }
}
