package dev.sluice.gateway.proxy;

import dev.sluice.config.Backend;
import dev.sluice.config.Configuration;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.gateway.proxy.upstream.UpstreamFigures;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.TrafficWitness;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A front server with one event loop before one backend, which the test describes. */
final class UpstreamRig implements AutoCloseable, TrafficWitness, ExchangeObserver {
  final FrontServer front;
  final Backend backend;
  final List<String> witnessed = new CopyOnWriteArrayList<>();
  final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private final AtomicLong ahead = new AtomicLong();

  /**
   * @param backend its keys but the id, such as {@code url: "http://127.0.0.1:80"}
   */
  UpstreamRig(String backend) {
    this(backend, UnaryOperator.identity());
  }

  UpstreamRig(String backend, UnaryOperator<DnsNameResolverBuilder> nameServers) {
    Configuration configuration =
        Postures.configuration(
            """
            environment: test
            mode: enforce
            listen: { port: 0, host: 127.0.0.1, threads: 1 }
            admin: { port: 0 }
            breaker: { failures: 100 }
            backends:
              - { id: orders, %s }
            routes:
              - { id: api, match: { path: "/api/**" }, backend: orders }
              - id: retry
                match: { path: "/retry/**" }
                backend: orders
                retry: { times: 1, on: [http-503] }
            """
                .formatted(backend));
    this.backend = configuration.backend("orders").orElseThrow();
    Posture posture = Posture.starting(Clock.systemUTC().instant(), configuration);
    Snapshot snapshot = Snapshot.of(configuration, posture);
    front =
        FrontServer.start(
            new DataPathServices(
                () -> snapshot,
                new Breakers(configuration, Clock.systemUTC(), this::nanos),
                this,
                new CopyStore(1 << 20),
                () -> null,
                (question, matched, seen) ->
                    new HealthResponder.Answer(200, "text/plain", new byte[0]),
                this,
                () -> false,
                Clock.systemUTC(),
                this::nanos,
                new MemoryBudget(1 << 20),
                Identities.none(),
                null),
            nameServers);
  }

  private long nanos() {
    return System.nanoTime() + ahead.get();
  }

  /** Lets the monotonic clock jump; timers of the event loops go on as they were. */
  void ahead(Duration time) {
    ahead.addAndGet(time.toNanos());
  }

  UpstreamFigures figures() {
    return front.figures().get(0);
  }

  WireClient client() throws IOException {
    return new WireClient(front.port());
  }

  /** One request on a connection of its own. */
  WireClient.Answer get() throws IOException {
    try (WireClient client = client()) {
      return client.get("/api/x");
    }
  }

  @Override
  public void answered(String backendId, List<String> dependencies, int status, boolean marked) {
    witnessed.add(status + (marked ? " marked" : ""));
  }

  @Override
  public void failed(String backendId, List<String> dependencies, Failure failure) {
    witnessed.add(failure.name());
  }

  @Override
  public void ended(Ended exchange) {}

  @Override
  public void fault(String where, Throwable cause) {
    faults.add(cause);
  }

  @Override
  public void close() {
    front.close();
  }
}
