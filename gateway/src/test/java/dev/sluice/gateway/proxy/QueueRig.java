package dev.sluice.gateway.proxy;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.sluice.config.Configuration;
import dev.sluice.config.Route;
import dev.sluice.config.Store;
import dev.sluice.fallback.cache.CopyPolicy;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.HeaderFields;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteQueue;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.fallback.store.SqliteStore;
import dev.sluice.gateway.health.Postures;
import dev.sluice.gateway.identity.Identities;
import dev.sluice.probes.breaker.Breakers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A front server in an outage, with a store of its own, and routes that queue differently. */
final class QueueRig implements AutoCloseable {
  static final String KEY = "A".repeat(43) + "=";
  private static final String ROUTES =
      """
      dependencies:
        - { id: orders-db, type: tcp, url: "tcp://127.0.0.1:1" }
      backends:
        - { id: orders, url: "http://127.0.0.1:1", depends-on: [orders-db] }
      routes:
        - id: undeclared
          match: { path: "/undeclared/*" }
          backend: orders
          writes: { accept: always }
        - id: half-declared
          match: { path: "/half-declared/*" }
          backend: orders
          writes: { accept: always, replay-as: gateway }
        - id: as-gateway
          match: { path: "/as-gateway/*" }
          backend: orders
          writes: { accept: always, replay-as: gateway, principal: header(Authorization) }
        - id: as-client
          match: { path: "/as-client/*" }
          backend: orders
          writes: { accept: always, replay-as: %s, principal: header(Authorization) }
        - id: few
          match: { path: "/few/*" }
          backend: orders
          writes:
            accept: always
            replay-as: gateway
            principal: header(Authorization)
            quota: { records: 2 }
        - id: read
          match: { path: "/read/*" }
          backend: orders
          reads: { cache: fallback, principal: public }
          writes: { accept: always, replay-as: gateway, principal: header(X-User) }
        - id: shared
          match: { path: "/shared/*" }
          backend: orders
          writes: { accept: always, replay-as: gateway, principal: public }
      """;

  final SqliteStore store;
  private final CopyStore copies = new CopyStore(1 << 20);
  private volatile Snapshot snapshot;
  private final FrontServer front;

  QueueRig(Path folder) throws IOException {
    this(folder, "test", "key: \"" + KEY + "\"");
  }

  QueueRig(Path folder, String environment, String key) throws IOException {
    String head =
        """
        environment: %s
        mode: enforce
        listen: { port: 0, host: 127.0.0.1, threads: 1 }
        admin: { port: 0 }
        store: { url: "sqlite:%s", accept-volatile: true, %s }
        """;
    Configuration configuration =
        Postures.configuration(
            head.formatted(environment, folder.resolve("sluice.db"), key)
                + ROUTES.formatted(key.isEmpty() ? "gateway" : "client"));
    Store config = configuration.store();
    store = SqliteStore.open(config, Clock.systemUTC());
    snapshot = Snapshot.of(configuration, Postures.outage());
    front =
        FrontServer.start(
            new DataPathServices(
                () -> snapshot,
                new Breakers(configuration, Clock.systemUTC(), System::nanoTime),
                new Unheard(),
                copies,
                queue(store),
                (question, matched, now) ->
                    new HealthResponder.Answer(200, "text/plain", new byte[0]),
                new Unheard(),
                () -> false,
                Clock.systemUTC(),
                System::nanoTime,
                new MemoryBudget(8 << 20),
                Identities.none(),
                null));
  }

  private static DataPathServices.WriteQueues queue(WriteStore store) {
    WriteQueue queue = new WriteQueue(store, gone -> {});
    return () -> queue;
  }

  /** The outage is over, as the breakers have it; the backend answers nothing all the same. */
  void mend() {
    snapshot = Snapshot.of(snapshot.configuration(), Postures.healthy());
  }

  /** An answer that was stored before. */
  void copy(String target, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Route route = snapshot.configuration().route("read").orElseThrow();
    copies.keep(
        CopyPolicy.key(route, "shop", target, List.of()),
        HeaderFields.of(List.of()),
        StoredCopy.answered(200, List.of(), bytes, Clock.systemUTC().instant()));
  }

  WireClient client() throws IOException {
    return new WireClient(front.port());
  }

  /** One request on a connection of its own. */
  WireClient.Answer ask(String method, String target, String body, String... headers)
      throws IOException {
    try (WireClient client = client()) {
      return client.ask(method, target, body, headers);
    }
  }

  /** What the store holds. */
  List<QueuedWrite> kept() {
    return now(store.list(EnumSet.allOf(WriteState.class), 100));
  }

  /** Ends the oldest waiting write so. */
  void complete(Completion completion) {
    QueuedWrite write = now(store.claim(1, Clock.systemUTC().instant(), route -> true)).get(0);
    now(store.complete(write.id(), write.epoch(), completion));
  }

  static <T> T now(CompletableFuture<T> future) {
    return future.orTimeout(10, SECONDS).join();
  }

  static String text(QueuedWrite write) {
    return new String(write.request().body(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    front.close();
    store.close();
  }
}
