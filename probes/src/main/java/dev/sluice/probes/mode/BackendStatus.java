package dev.sluice.probes.mode;

import dev.sluice.probes.verdict.Verdict;
import org.jspecify.annotations.Nullable;

/** How one backend stands, and what it last said of itself. */
public record BackendStatus(
    String id, Verdict verdict, BreakerState breaker, @Nullable BackendHealth lastHealth) {}
