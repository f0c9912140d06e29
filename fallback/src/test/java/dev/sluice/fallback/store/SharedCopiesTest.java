package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.HeaderFields;
import dev.sluice.fallback.cache.StoredCopy;
import dev.sluice.servers.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copies of gateways that share a real database. */
@Timeout(120)
class SharedCopiesTest {
  private static final HeaderFields NOTHING = HeaderFields.of(List.of());
  private static final CopyKey ORDERS = key("/orders");
  private static final Duration SOON = Duration.ofSeconds(20);

  private static PostgresServer server;
  private final List<Instance> instances = new ArrayList<>();

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
    instance().close();
    instances.clear();
    SharedStores.run(server, "TRUNCATE sluice_copies, sluice_voids");
  }

  @AfterEach
  void close() {
    instances.forEach(Instance::close);
  }

  private static CopyKey key(String target) {
    return new CopyKey("orders", "shop", target, CopyKey.PUBLIC);
  }

  /** What one gateway has of it. */
  private static final class Instance implements AutoCloseable {
    private final CopyStore copies = new CopyStore(10 << 20);
    private final CopyShelf shelf;
    private final SharedStore store;
    private boolean closed;

    Instance(int port, String key, long maxBytes) {
      InstantSource clock = InstantSource.system();
      shelf = new CopyShelf(copies, clock);
      copies.keeper(shelf);
      store =
          SharedStore.open(
              SharedStores.config(port, key), clock, System::nanoTime, SharedStores.BUDGET);
      store.open(shelf, maxBytes);
    }

    void keep(CopyKey key, String body) {
      keep(key, body, copies.stamp(key));
    }

    void keep(CopyKey key, String body, long stamp) {
      copies.keep(key, NOTHING, copy(body), stamp);
    }

    String body(CopyKey key) {
      StoredCopy found = copies.find(key, NOTHING);
      return found == null ? "none" : new String(found.body(), StandardCharsets.UTF_8);
    }

    void sees(CopyKey key, String body) {
      await(key.target() + " is " + body).atMost(SOON).until(() -> body(key).equals(body));
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        shelf.close();
        store.close();
      }
    }
  }

  private static StoredCopy copy(String body) {
    return StoredCopy.answered(
        200,
        List.of(Map.entry("ETag", "\"" + body.length() + "\"")),
        body.getBytes(StandardCharsets.UTF_8),
        Instant.now());
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Instance instance() {
    return instance(1 << 20);
  }

  private Instance instance(long maxBytes) {
    Instance next = new Instance(server.port(), Writes.KEY, maxBytes);
    instances.add(next);
    return next;
  }

  private static long count(String table) {
    return count(server, table);
  }

  private static long count(PostgresServer where, String table) {
    try (SharedPool pool = new SharedPool(SharedStores.at(where.port()))) {
      return pool.with(
              c -> Queries.rows(c, "SELECT count(*) FROM " + table, row -> Queries.number(row, 0)))
          .block(Duration.ofSeconds(10))
          .get(0);
    }
  }

  @Test
  void whatOneKeepsTheOthersHaveAndSoHasOneThatStartsLater() {
    Instance one = instance();
    Instance two = instance();
    one.keep(ORDERS, "from one");
    two.sees(ORDERS, "from one");
    one.close();
    two.close();
    assertThat(instance().body(ORDERS)).as("at its start").isEqualTo("from one");
  }

  @Test
  void whatOneMakesVoidIsVoidForAllAndForThoseThatStartLater() {
    Instance one = instance();
    Instance two = instance();
    CopyKey mine = new CopyKey("orders", "shop", "/orders", "a".repeat(64));
    CopyKey other = key("/other");
    one.keep(ORDERS, "old");
    one.keep(mine, "mine");
    one.keep(other, "other");
    two.sees(mine, "mine");
    two.sees(other, "other");
    two.copies.evictTarget("shop", "/orders");
    one.sees(ORDERS, "none");
    one.sees(mine, "none");
    two.copies.evict(other);
    one.sees(other, "none");
    Instance three = instance();
    assertThat(three.body(ORDERS)).isEqualTo("none");
    assertThat(three.body(other)).isEqualTo("none");
  }

  /** An answer that was under way during a write that came through another gateway. */
  @Test
  void whatWasAskedForBeforeAWriteElsewhereDoesNotComeBack() {
    Instance one = instance();
    Instance two = instance();
    long stamp = one.copies.stamp(ORDERS);
    two.copies.evictTarget("shop", "/orders");
    two.keep(key("/mark"), "written after it");
    one.sees(key("/mark"), "written after it");
    one.keep(ORDERS, "from before", stamp);
    assertThat(one.body(ORDERS)).as("in its own memory").isEqualTo("none");
    one.keep(ORDERS, "from after");
    two.sees(ORDERS, "from after");
  }

  /** The same where the gateway has not heard of the write when it keeps the answer. */
  @Test
  void norDoesWhatWasKeptBeforeTheWriteWasHeardOf() {
    Instance two = instance();
    SharedStore store = SharedStores.open(server, InstantSource.system());
    SharedPool pool = new SharedPool(SharedStores.at(server.port()));
    try (store;
        pool) {
      Seal seal = Seal.forStore(SharedStores.config(server.port()));
      Tags tags = new Tags(SharedOpening.salt(pool, seal, SharedStores.config(server.port())));
      SharedCopies deaf =
          new SharedCopies(pool, seal, tags, InstantSource.system(), Instant.now(), 1 << 20);
      deaf.each(0, kept -> {});
      long before = deaf.heard();
      two.copies.evictTarget("shop", "/orders");
      two.keep(key("/mark"), "mark");
      await().atMost(SOON).until(() -> count("sluice_copies") == 1);
      deaf.put(new CopyCodec.Kept(ORDERS, "", copy("from before")), before);
      deaf.commit(0);
      assertThat(count("sluice_copies")).as("not taken").isEqualTo(1);
      CopyStore memory = new CopyStore(1 << 20);
      deaf.hear(memory, memory.moment());
      assertThat(deaf.heard()).isGreaterThan(before);
      deaf.put(new CopyCodec.Kept(ORDERS, "", copy("asked for after it")), deaf.heard());
      deaf.commit(0);
      two.sees(ORDERS, "asked for after it");
    }
  }

  @Test
  void theWritersOwnNextAnswerIsThereForAll() {
    Instance one = instance();
    Instance two = instance();
    one.keep(ORDERS, "old");
    two.sees(ORDERS, "old");
    one.copies.evictTarget("shop", "/orders");
    one.keep(ORDERS, "new");
    two.sees(ORDERS, "new");
    assertThat(instance().body(ORDERS)).isEqualTo("new");
  }

  /** Two gateways write and read at random; a reader asks for what the last write made. */
  @Test
  void noCopyIsOlderThanTheLastWriteOnceAllHaveHeardOfIt() {
    Random random = new Random(7);
    Instance[] two = {instance(), instance()};
    String[] now = new String[8];
    for (int i = 0; i < 400; i++) {
      int which = random.nextInt(now.length);
      CopyKey key = key("/item/" + which);
      Instance at = two[random.nextInt(2)];
      if (random.nextInt(3) == 0) {
        now[which] = "written " + i;
        at.copies.evictTarget("shop", key.target());
      } else if (now[which] != null) {
        at.keep(key, now[which]);
      }
      if (random.nextInt(40) == 0) {
        pause(random.nextInt(700));
      }
    }
    Instance mark = two[0];
    mark.keep(key("/mark"), "end");
    two[1].sees(key("/mark"), "end");
    two[1].keep(key("/mark2"), "end");
    two[0].sees(key("/mark2"), "end");
    Instance late = instance();
    for (int i = 0; i < now.length; i++) {
      for (Instance each : List.of(two[0], two[1], late)) {
        assertThat(each.body(key("/item/" + i))).isIn("none", String.valueOf(now[i]));
      }
    }
  }

  @Test
  void theyAreSealedAndTheirNamesTellNothing() {
    Instance one = instance();
    one.keep(key("/patients/4711"), "confidential");
    one.copies.evict(key("/patients/0815"));
    await().atMost(SOON).until(() -> count("sluice_copies") + count("sluice_voids") == 2);
    for (String word : List.of("confidential", "patients", "4711", "0815")) {
      for (String table : List.of("sluice_copies", "sluice_voids")) {
        String where = " t WHERE position('" + word + "' IN t::text) > 0";
        String bytes = " t WHERE position('" + word + "'::bytea IN t.content) > 0";
        assertThat(count(table + where) + count(table + bytes)).as(table + " " + word).isZero();
      }
    }
  }

  @Test
  void theDatabaseIsBoundedTheOldestGoAndSoDoesWhatWasVoidLongAgo() {
    String large = "x".repeat(20_000);
    Instance one = instance();
    for (int i = 0; i < 20; i++) {
      one.keep(key("/" + i), large);
      pause(2);
    }
    one.copies.evict(ORDERS);
    await().atMost(SOON).until(() -> count("sluice_copies") == 20);
    try (SharedPool pool = new SharedPool(SharedStores.at(server.port()))) {
      SharedCopyTables tables =
          new SharedCopyTables(pool, Seal.forStore(SharedStores.config(server.port())));
      tables.tidy(0, 100_000, Duration.ofHours(1));
      assertThat(count("sluice_copies")).isBetween(4L, 5L);
      assertThat(count("sluice_voids")).isEqualTo(1);
      tables.tidy(Long.MAX_VALUE, 100_000, Duration.ZERO);
      assertThat(count("sluice_copies") + count("sluice_voids")).isZero();
    }
  }

  @Test
  void aPopularAnswerIsToldOnceInTenSeconds() {
    Instance one = instance();
    Instance two = instance();
    one.keep(ORDERS, "first");
    two.sees(ORDERS, "first");
    for (int i = 0; i < 50; i++) {
      one.keep(ORDERS, "one " + i);
      two.keep(ORDERS, "two " + i);
      pause(20);
    }
    one.keep(key("/mark"), "end");
    two.sees(key("/mark"), "end");
    assertThat(count("sluice_copies WHERE change > (SELECT min(change) + 1 FROM sluice_copies)"))
        .as("changes since the first and the mark")
        .isZero();
    assertThat(two.body(ORDERS)).as("its own is newer").isEqualTo("two 49");
  }

  /** Killed for a while: voids wait for it, and copies go on in memory. */
  @Test
  void whileTheDatabaseIsAwayNothingIsLostButTime() throws Exception {
    PostgresServer mortal = PostgresServer.start("secret");
    try (Instance one = new Instance(mortal.port(), Writes.KEY, 1 << 20);
        Instance two = new Instance(mortal.port(), Writes.KEY, 1 << 20)) {
      one.keep(ORDERS, "old");
      two.sees(ORDERS, "old");
      mortal.kill();
      one.copies.evictTarget("shop", "/orders");
      one.keep(key("/while"), "away");
      pause(1_500);
      assertThat(two.body(ORDERS)).as("it cannot know").isEqualTo("old");
      mortal.restart();
      two.sees(ORDERS, "none");
      one.keep(ORDERS, "new");
      two.sees(ORDERS, "new");
    } finally {
      mortal.close();
    }
  }

  /** Somebody has to make the tables for a role that may not; copies go on in memory until then. */
  @Test
  void aGatewayThatFindsNoTablesSharesOnceTheyAreThere() throws IOException {
    PostgresServer bare = PostgresServer.start("secret");
    try (Instance first = new Instance(bare.port(), Writes.KEY, 1 << 20)) {
      SharedStores.run(bare, "DROP TABLE sluice_copies, sluice_voids");
      SharedStores.run(bare, "CREATE TABLE sluice_copies (is_in_the_way int)");
      try (Instance second = new Instance(bare.port(), Writes.KEY, 1 << 20)) {
        second.keep(ORDERS, "kept here");
        assertThat(second.body(ORDERS)).isEqualTo("kept here");
        second.copies.evict(key("/void"));
        SharedStores.run(bare, "DROP TABLE sluice_copies");
        await().atMost(SOON).until(() -> there(bare));
        second.keep(key("/next"), "shared");
        first.sees(key("/next"), "shared");
        first.sees(ORDERS, "kept here");
      }
    } finally {
      bare.close();
    }
  }

  private static boolean there(PostgresServer where) {
    return count(where, "pg_class WHERE relname = 'sluice_voids_change'") == 1;
  }

  @Test
  void whoCannotReadWhatIsVoidKeepsNothing() throws IOException {
    PostgresServer rekeyed = PostgresServer.start("secret");
    try (Instance old = new Instance(rekeyed.port(), Writes.KEY, 1 << 20)) {
      changeKeys(rekeyed, old);
    } finally {
      rekeyed.close();
    }
  }

  private static void changeKeys(PostgresServer rekeyed, Instance old) {
    old.keep(ORDERS, "sealed with the old key");
    await().atMost(SOON).until(() -> count(rekeyed, "sluice_copies") == 1);
    String next = "B".repeat(42) + "A=";
    InstantSource clock = InstantSource.system();
    try (SharedStore store =
        SharedStore.open(
            SharedStores.config(rekeyed.port(), next, Writes.KEY),
            clock,
            System::nanoTime,
            SharedStores.BUDGET)) {
      CopyStore copies = new CopyStore(1 << 20);
      try (CopyShelf shelf = new CopyShelf(copies, clock)) {
        copies.keeper(shelf);
        store.open(shelf, 1 << 20);
        assertThat(copies.knows(ORDERS)).as("the old key is at hand here").isTrue();
        copies.keep(key("/new"), NOTHING, copy("sealed with the new key"));
        await().atMost(SOON).until(() -> count(rekeyed, "sluice_copies") == 2);
        pause(800);
        assertThat(old.body(key("/new"))).isEqualTo("none");
        assertThat(old.body(ORDERS)).isEqualTo("sealed with the old key");
        copies.evict(key("/new"));
        old.sees(ORDERS, "none");
      }
    }
  }
}
