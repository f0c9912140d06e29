package dev.sluice.gateway.proxy;

import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.TrafficWitness;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one event loop that wait for the head of their answer, oldest first. One that
 * waits longer than max(500 ms, 4 x its route's 99th percentile) asks for a look at the backend and
 * what it needs, long before any deadline passes; one whose route has been closed to its backend
 * meanwhile is told so. One timer for all, and only while any waits.
 */
final class LongWaits {
  private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int TIMES = 4;
  private static final long LOOK_MILLIS = 250;

  private final EventLoop loop;
  private final LongSupplier nanos;
  private final Supplier<Snapshot> snapshot;
  private final TrafficWitness witness;
  private final Map<String, TailEstimate> tails = new HashMap<>();
  private final Wait ends = new Wait(null, () -> {}, 0);
  private boolean looking;

  LongWaits(
      EventLoop loop, LongSupplier nanos, Supplier<Snapshot> snapshot, TrafficWitness witness) {
    this.snapshot = snapshot;
    this.loop = loop;
    this.nanos = nanos;
    this.witness = witness;
  }

  /** A request that waits; it ends by exactly one call of {@link #answered} or {@link #left}. */
  static final class Wait {
    private final @Nullable Asked asked;
    private final Runnable closed;
    private final long since;
    private Wait before = this;
    private Wait after = this;

    private Wait(@Nullable Asked asked, Runnable closed, long since) {
      this.closed = closed;
      this.asked = asked;
      this.since = since;
    }
  }

  /**
   * A request was sent.
   *
   * @param closed called once it has waited for long and its route is closed to its backend; may
   *     end the wait
   */
  Wait begin(Asked asked, Runnable closed, long now) {
    Wait wait = new Wait(asked, closed, now);
    wait.before = ends.before;
    wait.after = ends;
    ends.before.after = wait;
    ends.before = wait;
    if (!looking && !loop.isShuttingDown()) {
      looking = true;
      loop.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
    return wait;
  }

  /** Its answer begins. */
  void answered(Wait wait, long now) {
    left(wait);
    Asked asked = wait.asked;
    if (asked != null) {
      tail(asked).add(now - wait.since);
    }
  }

  /** No answer will come. */
  void left(Wait wait) {
    wait.before.after = wait.after;
    wait.after.before = wait.before;
    wait.before = wait;
    wait.after = wait;
  }

  private TailEstimate tail(Asked asked) {
    String route = asked.matched().route().id();
    TailEstimate tail = tails.get(route);
    if (tail == null) {
      tail = new TailEstimate(LEAST / TIMES);
      tails.put(route, tail);
    }
    return tail;
  }

  private void look() {
    long now = nanos.getAsLong();
    Posture posture = snapshot.get().posture();
    Wait next;
    // One that has left meanwhile points at itself.
    for (Wait wait = ends.after;
        wait != ends && wait.after != wait && due(wait, now);
        wait = next) {
      next = wait.after;
      Asked asked = wait.asked;
      if (asked != null) {
        told(wait, asked, now, posture);
      }
    }
    looking = ends.after != ends && !loop.isShuttingDown();
    if (looking) {
      loop.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean due(Wait wait, long now) {
    return now - wait.since > LEAST;
  }

  private void told(Wait wait, Asked asked, long now, Posture posture) {
    if (now - wait.since > TIMES * tail(asked).nanos()) {
      witness.slow(asked.matched().backend().id(), asked.matched().dependencies());
    }
    if (posture.closed(asked.matched().backend().id(), asked.matched().dependencies())) {
      wait.closed.run();
    }
  }
}
