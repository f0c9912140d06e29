package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.config.Retry;
import dev.sluice.probes.breaker.Failure;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Told how exchanges end; called on event loops and must not block. */
public interface ExchangeObserver {
  /**
   * An exchange, as it ended.
   *
   * @param requestId the one that both sides were told
   * @param origin where the request came from
   * @param routeId {@code "-"} where no route was found
   * @param path without the query; {@code "-"} where it could not be read
   * @param nanos from the request head to the end of the answer; 0 where it was answered at once
   */
  record Ended(
      String requestId,
      Origin origin,
      String routeId,
      Outcome outcome,
      String method,
      String path,
      int status,
      long nanos) {}

  /** Where a request came from: worked out where somebody wants to know. */
  interface Origin {
    /** Of a request that has no route. */
    Origin UNKNOWN =
        new Origin() {
          @Override
          public String traceId() {
            return "-";
          }

          @Override
          public String client() {
            return "-";
          }

          @Override
          public String pattern() {
            return "";
          }

          @Override
          public boolean secure() {
            return false;
          }

          @Override
          public int version() {
            return 1;
          }

          @Override
          public @Nullable String recordedTrace() {
            return null;
          }
        };

    /** The trace that the backend was told, or would have been. */
    String traceId();

    /** The client's address, as far as trusted proxies told it. */
    String client();

    /** The path that its route takes, with stars; empty without a route. */
    String pattern();

    /** Whether the gateway was spoken to over TLS. */
    boolean secure();

    /** The version of HTTP that it came in: 0 for 1.0, 1 for 1.1, 2 for 2. */
    int version();

    /** The id of its trace, where somebody keeps that as far as is known; null otherwise. */
    @Nullable String recordedTrace();
  }

  /** An exchange ended. */
  void ended(Ended exchange);

  /** What a route's cache did for a request. */
  default void cached(String routeId, Cached what) {}

  /** What a cache does. */
  enum Cached {
    /** A fresh copy was the answer. */
    HIT,
    /** A stale copy was, since somebody allowed it or the backend could not answer. */
    STALE,
    /** The backend said that the copy still holds. */
    VALIDATED,
    /** The backend answered, and that is stored. */
    STORED,
    /** The backend answered, and that is not stored. */
    PASSED,
    /** It waited for the answer to another request. */
    COLLAPSED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** For metrics. */
    public String label() {
      return label;
    }
  }

  /** A try at a backend was answered, or failed. */
  default void tried(Tried tried) {}

  /**
   * One try, to the answer's head or to its failure.
   *
   * @param status of the answer; 0 when it failed
   * @param failure null when it was answered
   * @param nanos since the request was sent, or a connection was asked for where none was had
   */
  record Tried(
      Origin origin,
      Backend backend,
      String method,
      int status,
      @Nullable Failure failure,
      long nanos) {}

  /** A further try follows one that ended so. */
  default void retried(String routeId, Retry.On ended) {}

  /** The route only observes: this would have been done instead of forwarding. */
  default void differed(String routeId, String decision) {}

  /**
   * The route only observes: the request would have been refused, as {@code shed}, for its load.
   */
  default void unlimited(String routeId, String refusal) {}

  /** A fault in the gateway's own code; the exchange was forwarded or answered all the same. */
  default void fault(String where, Throwable cause) {}

  /** What became of a request. */
  enum Outcome {
    FORWARDED,
    STORED_COPY,
    QUEUED,
    HEALTH,
    /** By the route's own filters. */
    ANSWERED,
    MONITOR,
    REJECTED,
    SHED,
    RATE_LIMITED,
    UPSTREAM_FAILED,
    CLIENT_GONE;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** For metrics, such as {@code stored-copy}. */
    public String label() {
      return label;
    }
  }
}
