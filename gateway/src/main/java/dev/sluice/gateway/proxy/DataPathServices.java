package dev.sluice.gateway.proxy;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.monitor.TrafficWitness;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the data path needs of the rest; everything in it may be called from event loops.
 *
 * @param queue null where no store is configured or the store could not be opened
 * @param passthrough true while every protection is switched off
 * @param nanos a monotonic clock
 */
public record DataPathServices(
    Configuration configuration,
    Supplier<Snapshot> snapshot,
    Breakers breakers,
    TrafficWitness witness,
    CopyStore copies,
    @Nullable WriteQueue queue,
    HealthResponder health,
    ExchangeObserver observer,
    BooleanSupplier passthrough,
    InstantSource clock,
    LongSupplier nanos) {}
