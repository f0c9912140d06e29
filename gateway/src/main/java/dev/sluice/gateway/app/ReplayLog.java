package dev.sluice.gateway.app;

import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.Progress;
import dev.sluice.fallback.replay.ProgressMeter;
import dev.sluice.fallback.replay.ReplayListener;
import dev.sluice.gateway.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts, logs and tells how writes end, and drops the copies that a write made old. */
final class ReplayLog implements ReplayListener {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.replay");

  private final Telemetry telemetry;
  private final BiConsumer<String, String> outdated;
  private final Tally tally;
  private final EndNotices notices;
  private final Function<String, @Nullable Writes> options;
  private final InstantSource clock;
  private final ProgressMeter progress = new ProgressMeter();
  private volatile Set<String> orphanedRoutes = Set.of();

  /**
   * @param outdated takes host and target of each write that was done
   * @param options what a route says of its writes; null when it is gone or queues none
   */
  ReplayLog(
      Telemetry telemetry,
      BiConsumer<String, String> outdated,
      Tally tally,
      EndNotices notices,
      Function<String, @Nullable Writes> options,
      InstantSource clock) {
    this.telemetry = telemetry;
    this.outdated = outdated;
    this.tally = tally;
    this.notices = notices;
    this.options = options;
    this.clock = clock;
  }

  @Override
  public void ended(QueuedWrite write, Completion completion) {
    progress.ended(clock.instant());
    telemetry.replayed(write.request().routeId(), completion.state().name());
    if (completion.state() == WriteState.SUCCEEDED) {
      tally.released();
      outdated.accept(write.request().host(), write.request().target());
      LOG.info("write {} succeeded", write.id());
    } else {
      LOG.error("write {} {}: {}", write.id(), completion.state(), completion.error());
    }
    tell(write, completion.state(), completion);
  }

  @Override
  public void endedUnsent(QueuedWrite write) {
    progress.ended(clock.instant());
    telemetry.replayed(write.request().routeId(), write.state().name());
    LOG.error("write {} {}: {}", write.id(), write.state(), write.lastError());
    tell(write, write.state(), null);
  }

  /** A waiting write was cancelled by its owner or discarded by an operator. */
  void withdrawn(QueuedWrite write) {
    tell(write, WriteState.CANCELLED, null);
  }

  private void tell(QueuedWrite write, WriteState end, @Nullable Completion completion) {
    Writes writes = options.apply(write.request().routeId());
    Writes.Webhook hook = writes == null ? null : writes.webhook();
    if (hook != null) {
      notices.tell(
          hook,
          write,
          end,
          completion == null ? null : completion.answer(),
          completion == null ? write.lastError() : completion.error());
    }
  }

  @Override
  public void drained() {
    progress.drained();
  }

  /** How far the release has come, with so many writes left. */
  Progress progress(long left) {
    return progress.figures(clock.instant(), left);
  }

  @Override
  public void faulted(String what) {
    LOG.error("replay: {}", what);
  }

  @Override
  public void orphaned(Set<String> routeIds) {
    orphanedRoutes = routeIds;
    if (!routeIds.isEmpty()) {
      LOG.error("writes wait for routes that are gone or queue no more: {}", routeIds);
    }
  }

  /** Routes that writes wait for although they are gone or queue no more. */
  Set<String> orphanedRoutes() {
    return orphanedRoutes;
  }
}
