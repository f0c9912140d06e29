package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.probes.monitor.TrafficWitness;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The upstream pools of one event loop, by backend; used on that loop alone. */
final class LoopPools {
  private final Map<String, UpstreamPool> pools = new HashMap<>();
  private final EventLoop loop;
  private final Transports transports;
  private final AddressResolverGroup<InetSocketAddress> names;
  private final LongSupplier nanos;
  private final LongWaits waits;
  private final FlushBatch flushes;

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

  UpstreamPool to(Backend backend) {
    return pools.computeIfAbsent(
        backend.id(), id -> new UpstreamPool(backend, loop, transports, names, nanos, flushes));
  }
}
