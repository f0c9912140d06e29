package dev.sluice.probes.ladder;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import reactor.core.scheduler.Scheduler;

/**
 * The event loop of the PostgreSQL driver, renewed now and then: with each connection the driver
 * hangs a resolver of its own onto the loop, which lets go of it only when it ends. A retired loop
 * ends when no session can be left on it. Safe from any thread.
 */
final class SessionLoops implements AutoCloseable {
  /** Keeps what hangs on one loop under a megabyte. */
  static final int MOST_SESSIONS = 256;

  /** Longer than any climb. */
  private static final Duration RETIREMENT = Duration.ofMinutes(2);

  private final Scheduler timer;
  private final Supplier<IoHandlerFactory> handling;
  private final AtomicReference<Lane> current;
  private final Queue<EventLoopGroup> retired = new ConcurrentLinkedQueue<>();

  /** Loops for TCP. */
  SessionLoops(Scheduler timer) {
    this(timer, NioIoHandler::newFactory);
  }

  /**
   * @param handling how the loops wait
   */
  SessionLoops(Scheduler timer, Supplier<IoHandlerFactory> handling) {
    this.timer = timer;
    this.handling = handling;
    this.current = new AtomicReference<>(open());
  }

  private Lane open() {
    DefaultThreadFactory threads = new DefaultThreadFactory("sluice-probe-session", true);
    return new Lane(
        new MultiThreadIoEventLoopGroup(1, threads, handling.get()),
        new AtomicInteger(MOST_SESSIONS));
  }

  /** The loop for one more session. */
  EventLoopGroup next() {
    Lane lane = lane();
    return lane.left().decrementAndGet() >= 0 ? lane.loop() : renewed(lane);
  }

  /** Ends all loops, retired ones too. */
  @Override
  public void close() {
    retired.forEach(SessionLoops::end);
    end(lane().loop()).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  private Lane lane() {
    return Objects.requireNonNull(current.get());
  }

  private EventLoopGroup renewed(Lane spent) {
    Lane fresh = open();
    if (current.compareAndSet(spent, fresh)) {
      retire(spent.loop());
    } else {
      end(fresh.loop());
    }
    return lane().loop();
  }

  private void retire(EventLoopGroup loop) {
    retired.add(loop);
    timer.schedule(
        () -> {
          retired.remove(loop);
          end(loop);
        },
        RETIREMENT.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private static Future<?> end(EventLoopGroup loop) {
    return loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private record Lane(EventLoopGroup loop, AtomicInteger left) {}
}
