package dev.sluice.fallback.store;

import dev.sluice.config.Secret;
import dev.sluice.config.Store;
import dev.sluice.config.Target;
import dev.sluice.servers.PostgresServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Short ways to a shared store. */
final class SharedStores {
  static final SharedStore.Budget BUDGET =
      new SharedStore.Budget(16, 32, Duration.ofSeconds(80), Duration.ZERO);

  private SharedStores() {}

  static Target.Postgres at(int port) {
    return new Target.Postgres(
        "127.0.0.1", port, "postgres", "probe", new Secret("secret"), Target.SslMode.DISABLE);
  }

  static Store config(int port) {
    return config(port, Writes.KEY);
  }

  static Store config(int port, String key, String... old) {
    return new Store(
        "",
        at(port),
        new Secret(key),
        List.of(old).stream().map(Secret::new).toList(),
        10_000,
        64L << 20,
        80,
        Duration.ofHours(1),
        null,
        false,
        false);
  }

  static SharedStore open(PostgresServer server, InstantSource clock) {
    return SharedStore.open(config(server.port()), clock, System::nanoTime, BUDGET);
  }

  /** One whose leases end when it is told so, and whose budget bounds nothing. */
  static SharedStore unbounded(PostgresServer server, InstantSource clock) {
    SharedStore.Budget budget =
        new SharedStore.Budget(1000, 1000, Duration.ofDays(99), Duration.ZERO);
    return SharedStore.open(config(server.port()), clock, System::nanoTime, budget);
  }

  /** One that tells the others before it holds anything back. */
  static SharedStore polite(PostgresServer server, InstantSource clock) {
    SharedStore.Budget budget =
        new SharedStore.Budget(16, 32, Duration.ofSeconds(80), SharedStore.BARRIER);
    return SharedStore.open(config(server.port()), clock, System::nanoTime, budget);
  }

  static void run(PostgresServer server, String sql) {
    try (SharedPool pool = new SharedPool(at(server.port()))) {
      pool.with(connection -> Queries.change(connection, sql)).block(Duration.ofSeconds(10));
    }
  }

  /** Forgets every record. */
  static void empty(PostgresServer server) {
    open(server, InstantSource.system()).close();
    run(server, "TRUNCATE sluice_writes, sluice_journal, sluice_routes");
  }

  /** As after a long time, without it. */
  static void endLeases(PostgresServer server, Instant now) {
    run(
        server,
        "UPDATE sluice_writes SET lease_until = " + now.toEpochMilli() + " WHERE lease_until > 0");
  }
}
