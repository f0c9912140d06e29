package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.probes.monitor.TrafficWitness;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The upstream pools of one event loop, one for each backend of the configuration; used on that
 * loop alone. A backend that a reload changed is another object and has another pool.
 */
final class LoopPools {
  private final IdentityHashMap<Backend, UpstreamPool> pools = new IdentityHashMap<>();
  private final EventLoop loop;
  private final Transports transports;
  private final AddressResolverGroup<InetSocketAddress> names;
  private final LongSupplier nanos;
  private final LongWaits waits;
  private final FlushBatch flushes;
  private @Nullable Set<Backend> kept;

  LoopPools(
      EventLoop loop,
      Transports transports,
      AddressResolverGroup<InetSocketAddress> names,
      LongSupplier nanos,
      TrafficWitness witness) {
    this.loop = loop;
    this.transports = transports;
    this.names = names;
    this.nanos = nanos;
    this.flushes = new FlushBatch(loop);
    this.waits = new LongWaits(loop, nanos, witness);
  }

  /** The requests of this loop that wait for their answer. */
  LongWaits waits() {
    return waits;
  }

  /** Where what is written on this loop is sent from. */
  FlushBatch flushes() {
    return flushes;
  }

  /** The pool of a backend; one that was let go of has a pool that keeps nothing. */
  UpstreamPool to(Backend backend) {
    UpstreamPool known = pools.get(backend);
    if (known != null) {
      return known;
    }
    UpstreamPool pool = new UpstreamPool(backend, loop, transports, names, nanos, flushes);
    if (kept == null || kept.contains(backend)) {
      pools.put(backend, pool);
    } else {
      pool.retire();
    }
    return pool;
  }

  /** Retires the pools of all backends but these. */
  void keep(Set<Backend> backends) {
    kept = backends;
    for (Iterator<UpstreamPool> each = pools.values().iterator(); each.hasNext(); ) {
      UpstreamPool pool = each.next();
      if (!backends.contains(pool.backend())) {
        each.remove();
        pool.retire();
      }
    }
  }
}
