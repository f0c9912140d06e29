package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.now;

import dev.sluice.fallback.queue.WriteStore;
import dev.sluice.servers.PostgresServer;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class SharedModelTest extends StoreModel {
  private static PostgresServer server;

  /** Fewer than usual: each step is a round trip or several. */
  static List<Long> seeds() {
    return List.of(1L, new Random().nextLong());
  }

  @BeforeAll
  static void start() throws IOException {
    server = PostgresServer.start("secret");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void empty() {
    SharedStores.empty(server);
  }

  @Override
  WriteStore opened() {
    return SharedStores.unbounded(server, () -> time);
  }

  @Override
  void settle(WriteStore open) {
    now(((SharedStore) open).refreshAll().toFuture());
  }

  @Override
  int steps() {
    return 120;
  }

  /** A key is forgotten some time after its record. */
  @Override
  boolean forgetsKeysAtOnce() {
    return false;
  }

  /** What was in flight waits again, and from now on. */
  @Override
  void recover(WriteStore open) {
    SharedStores.endLeases(server, time);
    now(((SharedStore) open).reclaim(time).toFuture());
    settle(open);
  }
}
