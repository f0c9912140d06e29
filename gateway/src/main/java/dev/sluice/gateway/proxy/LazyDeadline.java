package dev.sluice.gateway.proxy;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that is moved with every request and rarely passes: moving it later writes one field,
 * the timer looks again when it fires. Belongs to one event loop.
 */
final class LazyDeadline {
  private final EventLoop loop;
  private final LongSupplier nanos;
  private final Runnable passed;
  private boolean armed;
  private long at;
  private long timerAt;
  private @Nullable ScheduledFuture<?> timer;

  LazyDeadline(EventLoop loop, LongSupplier nanos, Runnable passed) {
    this.loop = loop;
    this.nanos = nanos;
    this.passed = passed;
  }

  void set(Duration fromNow) {
    long now = nanos.getAsLong();
    at = now + fromNow.toNanos();
    armed = true;
    if (timer == null || timerAt - at > 0) {
      cancelTimer();
      schedule(at, now);
    }
  }

  void clear() {
    armed = false;
  }

  /** Clears it for good. */
  void close() {
    armed = false;
    cancelTimer();
  }

  private void schedule(long when, long now) {
    timerAt = when;
    timer = loop.schedule(this::look, Math.max(1, when - now), TimeUnit.NANOSECONDS);
  }

  private void look() {
    timer = null;
    if (!armed) {
      return;
    }
    long now = nanos.getAsLong();
    if (at - now > 0) {
      schedule(at, now);
    } else {
      armed = false;
      passed.run();
    }
  }

  private void cancelTimer() {
    ScheduledFuture<?> pending = timer;
    timer = null;
    if (pending != null) {
      pending.cancel(false);
    }
  }
}
