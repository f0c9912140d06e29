package dev.sluice.fallback.replay;

import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.ReplayOutcome.Ambiguous;
import dev.sluice.fallback.replay.ReplayOutcome.Answered;
import dev.sluice.fallback.replay.ReplayOutcome.NotSent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The meaning of outcomes, apart from the loop that gathers them. */
final class Outcomes {
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
  private static final Set<Integer> MAY_HAVE_PASSED = Set.of(502, 504);
  private static final Set<Integer> LATER = Set.of(408, 425, 429);
  private static final Set<Integer> ECHOES = Set.of(404, 409, 410, 412);

  private Outcomes() {}

  /**
   * What becomes of a claimed write after an attempt.
   *
   * @param options the route's; null when the route is gone
   */
  static Next next(
      QueuedWrite write,
      ReplayOutcome outcome,
      @Nullable Writes options,
      Pace pace,
      Instant now,
      RandomGenerator random) {
    if (outcome instanceof NotSent unsent) {
      long spread = random.nextLong(pace.unsentDelay().toMillis() / 2 + 1);
      return new Next.Release(now.plus(pace.unsentDelay()).plusMillis(spread), unsent.reason());
    }
    if (outcome instanceof Ambiguous unknown) {
      return repeatable(write, options)
          ? again(write, unknown.reason(), null, pace, now, random)
          : new Next.End(Completion.ambiguous(unknown.reason()));
    }
    return answered(write, (Answered) outcome, options, pace, now, random);
  }

  private static Next answered(
      QueuedWrite write,
      Answered answer,
      @Nullable Writes options,
      Pace pace,
      Instant now,
      RandomGenerator random) {
    int status = answer.status();
    if ((status >= 200 && status < 300) || status == 303) {
      return new Next.End(Completion.succeeded(answer.captured()));
    }
    if (status >= 300 && status < 500 && !LATER.contains(status)) {
      return new Next.End(refused(write, answer));
    }
    String error = "the backend answered " + status;
    if (MAY_HAVE_PASSED.contains(status) && !repeatable(write, options)) {
      return new Next.End(new Completion(WriteState.AMBIGUOUS, answer.captured(), error));
    }
    return again(write, error, answer, pace, now, random);
  }

  /** After an attempt without an outcome, a refusal may be the echo of its own success. */
  private static Completion refused(QueuedWrite write, Answered answer) {
    boolean echo =
        ECHOES.contains(answer.status()) && (write.attempts() > 1 || write.interrupted());
    String error = "the backend answered " + answer.status();
    return echo
        ? new Completion(
            WriteState.FAILED,
            answer.captured(),
            error + "; an earlier attempt may have been carried out")
        : Completion.failed(answer.captured());
  }

  private static Next again(
      QueuedWrite write,
      String error,
      @Nullable Answered answer,
      Pace pace,
      Instant now,
      RandomGenerator random) {
    if (write.attempts() >= pace.attempts()) {
      String reason = error + ", and " + write.attempts() + " attempts are used up";
      return new Next.End(Completion.dead(reason, answer == null ? null : answer.captured()));
    }
    long jitter = random.nextLong(pace.ceiling(write.attempts()).toMillis() + 1);
    Duration asked = answer == null ? Duration.ZERO : retryAfter(answer, pace.longestDelay());
    return new Next.Retry(now.plusMillis(Math.max(jitter, asked.toMillis())), error);
  }

  /** Seconds that the backend asks for, up to the longest pause; dates and junk ask for none. */
  private static Duration retryAfter(Answered answer, Duration longest) {
    for (Map.Entry<String, String> header : answer.headers()) {
      String value = header.getValue().strip();
      if (header.getKey().equalsIgnoreCase("Retry-After") && value.matches("[0-9]{1,9}")) {
        Duration asked = Duration.ofSeconds(Long.parseLong(value));
        return asked.compareTo(longest) > 0 ? longest : asked;
      }
    }
    return Duration.ZERO;
  }

  /**
   * How a write ends without being sent: its process died during an attempt that must not be
   * repeated, or died in every attempt. Null: it is sent.
   */
  static @Nullable Completion unsendable(QueuedWrite write, @Nullable Writes options, Pace pace) {
    if (write.interrupted() && !repeatable(write, options)) {
      return Completion.ambiguous("the gateway stopped during an attempt");
    }
    return write.attempts() > pace.attempts()
        ? Completion.dead(pace.attempts() + " attempts are used up", null)
        : null;
  }

  /**
   * Whether sending twice does what sending once does: by the method, or because the backend knows
   * the client's key again. A key that the gateway made proves nothing about the client's intent.
   */
  static boolean repeatable(QueuedWrite write, @Nullable Writes options) {
    return IDEMPOTENT.contains(write.request().method())
        || (options != null
            && options.backendHonoursIdempotencyKey()
            && write.request().clientKey() != null);
  }

  /** Whether the outcome asks for fewer writes at once. */
  static boolean trouble(ReplayOutcome outcome) {
    return outcome instanceof Ambiguous
        || (outcome instanceof Answered answer
            && (answer.status() >= 500 || answer.status() == 408 || answer.status() == 429));
  }
}
