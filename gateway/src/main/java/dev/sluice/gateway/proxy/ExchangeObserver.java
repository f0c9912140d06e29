package dev.sluice.gateway.proxy;

import dev.sluice.config.Retry;
import java.util.Locale;

/** Told how exchanges end; called on event loops and must not block. */
public interface ExchangeObserver {
  /**
   * An exchange, as it ended.
   *
   * @param requestId the one that both sides were told
   * @param traceId the trace that the backend was told; {@code "-"} where no route was found
   * @param client the client's address, as far as trusted proxies told it; {@code "-"} where no
   *     route was found
   * @param routeId {@code "-"} where no route was found
   * @param path without the query; {@code "-"} where it could not be read
   * @param nanos from the request head to the end of the answer; 0 where it was answered at once
   */
  record Ended(
      String requestId,
      String traceId,
      String client,
      String routeId,
      Outcome outcome,
      String method,
      String path,
      int status,
      long nanos) {}

  /** An exchange ended. */
  void ended(Ended exchange);

  /** A backend's response head arrived so long after the request was sent. */
  default void upstream(String backendId, long nanos) {}

  /** A further try follows one that ended so. */
  default void retried(String routeId, Retry.On ended) {}

  /** The route only observes: this would have been done instead of forwarding. */
  default void differed(String routeId, String decision) {}

  /** A fault in the gateway's own code; the exchange was forwarded or answered all the same. */
  default void fault(String where, Throwable cause) {}

  /** What became of a request. */
  enum Outcome {
    FORWARDED,
    STORED_COPY,
    QUEUED,
    HEALTH,
    MONITOR,
    REJECTED,
    UPSTREAM_FAILED,
    CLIENT_GONE;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** For metrics, such as {@code stored-copy}. */
    public String label() {
      return label;
    }
  }
}
