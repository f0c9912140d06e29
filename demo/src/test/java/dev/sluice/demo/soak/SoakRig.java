package dev.sluice.demo.soak;

import dev.sluice.config.Configuration;
import dev.sluice.config.ConfigurationLoader;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.gateway.proxy.DataPathServices;
import dev.sluice.gateway.proxy.ExchangeObserver;
import dev.sluice.gateway.proxy.FrontServer;
import dev.sluice.gateway.proxy.HealthResponder;
import dev.sluice.gateway.proxy.MemoryBudget;
import dev.sluice.gateway.proxy.Snapshot;
import dev.sluice.probes.breaker.Breakers;
import dev.sluice.probes.breaker.Failure;
import dev.sluice.probes.mode.Posture;
import dev.sluice.probes.monitor.TrafficWitness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A front server with several event loops before the hostile backend. */
final class SoakRig implements AutoCloseable, TrafficWitness, ExchangeObserver {
  private static final int WINDOW = 5_000;

  final Ledger ledger = new Ledger();
  final HostileBackend backend;
  final FrontServer front;
  final MemoryBudget memory = new MemoryBudget(16 << 20);
  final Breakers breakers;
  private final Socket nobody = new Socket();
  private final Set<String> endedIds = ConcurrentHashMap.newKeySet();

  SoakRig() throws IOException {
    backend = new HostileBackend(ledger);
    nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Configuration configuration = configuration(backend.port(), nobody.getLocalPort());
    breakers = new Breakers(configuration, Clock.systemUTC(), System::nanoTime);
    Snapshot snapshot = Snapshot.of(configuration, Posture.starting(Instant.now(), configuration));
    front =
        FrontServer.start(
            new DataPathServices(
                () -> snapshot,
                breakers,
                this,
                new CopyStore(8 << 20),
                () -> null,
                (question, matched, posture) ->
                    new HealthResponder.Answer(200, "application/health+json", new byte[0]),
                this,
                () -> false,
                Clock.systemUTC(),
                System::nanoTime,
                memory,
                Identities.none(),
                null));
  }

  private static Configuration configuration(int backend, int nobody) throws IOException {
    Path file = Files.createTempFile("soak", ".yaml");
    Files.writeString(
        file,
        """
        environment: soak
        listen: { port: 0, host: 127.0.0.1, threads: 3 }
        breaker: { failures: 1000, trial-calls: 3, recovery: 1ms }
        backends:
          - { id: hostile, url: "http://127.0.0.1:%d", idle-deadline: 4s }
          - { id: hurried, url: "http://127.0.0.1:%d", response-deadline: 400ms, idle-deadline: 400ms }
          - { id: nobody, url: "http://127.0.0.1:%d" }
        routes:
          - { id: plain, match: { path: "/plain/**" }, backend: hostile }
          - { id: hurried, match: { path: "/hurried/**" }, backend: hurried }
          - { id: nobody, match: { path: "/nobody/**" }, backend: nobody }
          - id: kept
            match: { path: "/kept/**", methods: [GET] }
            backend: hostile
            reads: { cache: fallback, principal: public, max-stale: 15m }
        """
            .formatted(backend, backend, nobody));
    var loaded = ConfigurationLoader.load(List.of(file), name -> null);
    Files.delete(file);
    return Objects.requireNonNull(loaded.configuration(), () -> loaded.problems().toString());
  }

  @Override
  public void answered(String backendId, List<String> dependencies, int status, boolean marked) {
    ledger.count("witnessed answers");
  }

  @Override
  public void failed(String backendId, List<String> dependencies, Failure failure) {
    ledger.count("witnessed " + failure);
  }

  /** Once for each exchange. */
  @Override
  public void ended(Ended exchange) {
    ledger.count("ended " + exchange.outcome().label());
    Ledger.Exchange known = ledger.find(exchange.path());
    if (known != null) {
      known.told = exchange.outcome().label() + " after " + exchange.nanos() / 1_000_000 + " ms";
    }
    if (endedIds.size() > WINDOW) {
      endedIds.clear();
    }
    if (!endedIds.add(exchange.requestId())) {
      ledger.violation("told its end twice: " + exchange);
    }
  }

  @Override
  public void fault(String where, Throwable cause) {
    ledger.violation("a fault of the gateway: " + where + " " + cause);
  }

  @Override
  public void close() throws IOException {
    front.close();
    backend.close();
    nobody.close();
  }
}
