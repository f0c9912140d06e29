package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.config.Retry;
import dev.sluice.config.Route;
import dev.sluice.gateway.route.Decider;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How often, and until when, one request is tried. Belongs to one exchange. */
final class Tries {
  private static final Duration PAUSE = Duration.ofMillis(25);

  private final Route route;
  private final Backend backend;
  private final @Nullable RetryBudget budget;
  private final LongSupplier nanos;
  private final boolean harmless;
  private int done = 1;
  private boolean timed;
  private long until;

  /**
   * @param budget null where the route never tries again
   */
  Tries(Asked asked, @Nullable RetryBudget budget, LongSupplier nanos) {
    this.route = asked.matched().route();
    this.backend = asked.matched().backend();
    this.budget = budget;
    this.nanos = nanos;
    this.harmless = Decider.idempotent(asked.method()) || asked.idempotencyKey() != null;
    if (budget != null) {
      budget.request();
    }
  }

  /** The whole request is there: the route's own deadline runs from now on. */
  void requestEnded() {
    Duration deadline = route.deadline();
    if (!timed && deadline != null) {
      timed = true;
      until = nanos.getAsLong() + deadline.toNanos();
    }
  }

  /** How long a connection may take to be there. */
  Duration connectDeadline() {
    return bounded(backend.connectDeadline());
  }

  /** How long the answer's head may take from the end of the request. */
  Duration responseDeadline() {
    Retry retry = route.retry();
    Duration perTry = retry == null ? null : retry.perTryDeadline();
    return bounded(perTry == null ? backend.responseDeadline() : perTry);
  }

  private Duration bounded(Duration own) {
    if (!timed) {
      return own;
    }
    long left = Math.max(1, until - nanos.getAsLong());
    return left < own.toNanos() ? Duration.ofNanos(left) : own;
  }

  /** Whether sending it twice does no harm (RFC 9110, section 9.2.2). */
  boolean harmless() {
    return harmless;
  }

  /**
   * Takes a further try, if the route, the budget and the time allow it after one that ended so.
   *
   * @return how long to wait before; null where there is none
   */
  @Nullable Duration again(Retry.On ended) {
    Retry retry = route.retry();
    boolean safe = harmless || ended == Retry.On.CONNECT_FAILED;
    if (retry == null
        || budget == null
        || !safe
        || done > retry.times()
        || !retry.on().contains(ended)) {
      return null;
    }
    long now = nanos.getAsLong();
    long pause = ThreadLocalRandom.current().nextLong(1, PAUSE.toNanos() << (done - 1));
    if ((timed && until - now <= pause) || !budget.take(now)) {
      return null;
    }
    done++;
    return Duration.ofNanos(pause);
  }

  /** What an answer of this status means to a further try; null where it is an answer. */
  static Retry.@Nullable On ended(int status) {
    return switch (status) {
      case 502 -> Retry.On.HTTP_502;
      case 503 -> Retry.On.HTTP_503;
      case 504 -> Retry.On.HTTP_504;
      default -> null;
    };
  }
}
