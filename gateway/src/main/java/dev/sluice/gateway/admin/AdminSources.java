package dev.sluice.gateway.admin;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStats;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.gateway.health.HealthAnswer;
import dev.sluice.gateway.health.Situation;
import dev.sluice.probes.mode.Posture;
import org.jspecify.annotations.Nullable;

/** Where the admin port has its facts from. Every method answers from memory, from any thread. */
public interface AdminSources {
  Configuration configuration();

  Posture posture();

  Situation situation();

  /** The full report, nothing redacted. */
  HealthAnswer health();

  /** All meters in the Prometheus text format. */
  String scrape();

  /** The queue's store; null where none is configured or it could not be opened. */
  @Nullable WriteStore store();

  CopyStats copies();

  /** Switches every protection off or on, at once. */
  void passthrough(boolean on);
}
