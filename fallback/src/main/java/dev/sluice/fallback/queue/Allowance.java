package dev.sluice.fallback.queue;

import dev.sluice.config.Writes.Quota;
import org.jspecify.annotations.Nullable;

/**
 * How much of the queue a write may fill.
 *
 * @param essential it may be kept above the queue's high-water mark
 * @param quota bounds what its principal has waiting; null: the queue's own bounds alone hold
 */
public record Allowance(boolean essential, @Nullable Quota quota) {
  /** Bounded by the queue alone. */
  public static final Allowance WHOLE = new Allowance(true, null);
}
