package dev.sluice.gateway.app;

import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.replay.ReplayListener;
import dev.sluice.gateway.telemetry.Telemetry;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs how writes end, and drops the copies that a write made old. */
final class ReplayLog implements ReplayListener {
  private static final Logger LOG = LoggerFactory.getLogger("sluice.replay");

  private final Telemetry telemetry;
  private final CopyStore copies;
  private volatile Set<String> orphanedRoutes = Set.of();

  ReplayLog(Telemetry telemetry, CopyStore copies) {
    this.telemetry = telemetry;
    this.copies = copies;
  }

  @Override
  public void ended(QueuedWrite write, Completion completion) {
    telemetry.replayed(write.request().routeId(), completion.state().name());
    if (completion.state() == WriteState.SUCCEEDED) {
      copies.evictTarget(write.request().host(), write.request().target());
      LOG.info("write {} succeeded", write.id());
    } else {
      LOG.error("write {} {}: {}", write.id(), completion.state(), completion.error());
    }
  }

  @Override
  public void expired(int writes) {
    LOG.error("{} writes expired before the backend was back", writes);
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
