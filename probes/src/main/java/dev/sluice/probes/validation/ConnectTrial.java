package dev.sluice.probes.validation;

import dev.sluice.probes.ladder.Ladder;
import dev.sluice.probes.verdict.Climb;
import dev.sluice.probes.verdict.Sample;
import dev.sluice.probes.verdict.Sessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes many connections anew to one dependency, up to its first answer, never more at once than a
 * tenth of what the server has to spare and never more than ten, forty in a second, and the next
 * one not before half of what the last one took, within bounds: so that they wait for the far side
 * and not for each other. A climb to the top tells how much there is to spare, and counts for
 * nothing else. Used by one subscriber.
 */
final class ConnectTrial {
  private static final int MOST_AT_ONCE = 10;

  /** A login takes its time of the server's processor: other clients need that too. */
  private static final long APART_MILLIS = 25;

  /** So that slow ones are made side by side. */
  private static final long MOST_APART_MILLIS = 100;

  /** Tries at least, so that the rate that is told is near the true one. */
  private static final int FEWEST = 30;

  /** Of the free slots one in so many is taken. */
  private static final int SHARE = 10;

  private final String subject;
  private final Ladder ladder;
  private final Suite suite;
  private final Conditions conditions;
  private final Limits limits;
  private final LongSupplier nanos;
  private final List<Double> millis = new ArrayList<>();
  private final Map<String, Integer> reasons = new TreeMap<>();
  private volatile long lastMillis;
  private boolean strained;
  private int tries;
  private int failed;
  private long begun;

  ConnectTrial(
      String subject, Ladder ladder, Suite suite, Conditions conditions, LongSupplier nanos) {
    this.subject = subject;
    this.ladder = ladder;
    this.suite = suite;
    this.conditions = conditions;
    this.limits = conditions.limits();
    this.nanos = nanos;
  }

  /** Emits one step; ends within the suite's patience and the time of one climb. */
  Mono<Step> run() {
    return Mono.defer(
        () -> {
          begun = nanos.getAsLong();
          return ladder
              .climb(true)
              .map(climb -> atOnce(climb.sessions()))
              .flatMap(this::tries)
              .then(Mono.fromSupplier(this::judged));
        });
  }

  private Mono<Void> tries(int atOnce) {
    return batch(suite.connects(), atOnce)
        .then(
            Mono.defer(
                () ->
                    Connects.open(rate(), limits)
                        ? batch(suite.mostConnects() - tries, atOnce)
                        : Mono.empty()));
  }

  /**
   * Begins no more where the result is certain, or where time is up, or where clients suffer; those
   * that have begun are waited for, because failures are often the quicker ones.
   */
  private Mono<Void> batch(int count, int atOnce) {
    return Flux.range(0, Math.max(0, count))
        .concatMap(n -> Mono.just(n).delayElement(apart()), 1)
        .takeWhile(n -> !over())
        .flatMap(n -> ladder.climb(false), atOnce, 1)
        .doOnNext(this::take)
        .then();
  }

  private Duration apart() {
    long half = lastMillis / 2;
    return Duration.ofMillis(Math.max(APART_MILLIS, Math.min(half, MOST_APART_MILLIS)));
  }

  private boolean over() {
    boolean certain = tries >= FEWEST && Connects.tooMany(rate(), limits);
    strained |= conditions.strained().getAsBoolean();
    return certain || strained || took().compareTo(suite.patience()) > 0;
  }

  private Duration took() {
    return Duration.ofNanos(nanos.getAsLong() - begun);
  }

  /** Nobody knows what a server has to spare that does not say it. */
  private static int atOnce(@Nullable Sessions sessions) {
    return sessions == null ? 1 : Math.max(1, Math.min(MOST_AT_ONCE, sessions.free() / SHARE));
  }

  private Rate rate() {
    return new Rate(failed, tries);
  }

  private void take(Climb climb) {
    tries++;
    lastMillis = Climb.heldMillis(climb);
    Sample at = climb.failed();
    if (at == null) {
      millis.add((double) lastMillis);
      return;
    }
    failed++;
    String what = at.signal() == null ? String.valueOf(at.exception()) : at.signal();
    reasons.merge(at.rung().name().toLowerCase(Locale.ROOT) + " " + what, 1, Integer::sum);
  }

  private Step judged() {
    boolean open = Connects.open(rate(), limits) || tries > suite.connects();
    if (strained && !Connects.tooMany(rate(), limits)) {
      return new Step(
          Connects.NAME,
          subject,
          Outcome.UNPROVEN,
          "ended after " + tries + ": clients fared worse meanwhile",
          millis,
          took());
    }
    int wanted = open ? suite.mostConnects() : suite.connects();
    return Connects.judged(subject, rate(), wanted, millis, reasons, limits, took());
  }
}
