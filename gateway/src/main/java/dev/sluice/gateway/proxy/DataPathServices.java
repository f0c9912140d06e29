package dev.sluice.gateway.proxy;

import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.gateway.identity.Identities;
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
 * @param snapshot read once for each request, which keeps to it until it ends
 * @param queues gives null where no store is configured, or none is open at the moment
 * @param passthrough true while every protection is switched off
 * @param nanos a monotonic clock
 * @param identities tells callers by their tokens
 * @param tracing null where no spans are recorded
 * @param memory what bodies and copies may take while they are gathered
 */
public record DataPathServices(
    Supplier<Snapshot> snapshot,
    Breakers breakers,
    TrafficWitness witness,
    CopyStore copies,
    WriteQueues queues,
    HealthResponder health,
    ExchangeObserver observer,
    BooleanSupplier passthrough,
    InstantSource clock,
    LongSupplier nanos,
    MemoryBudget memory,
    Identities identities,
    @Nullable Tracing tracing) {
  /** Where writes are held; there may be none, and it may come later. */
  public interface WriteQueues {
    @Nullable WriteQueue get();

    /** It is not yet known what waits: nothing may overtake it. */
    default boolean opening() {
      return false;
    }

    /** Whether what is kept survives the machine that it is kept on. */
    default boolean durable() {
      return true;
    }
  }

  /** The configuration that new requests and connections begin with. */
  Configuration configuration() {
    return snapshot.get().configuration();
  }

  /** The queue; null where none is configured, or none is open at the moment. */
  @Nullable WriteQueue queue() {
    return queues.get();
  }
}
