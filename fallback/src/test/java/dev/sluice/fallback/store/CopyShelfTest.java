package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Secret;
import dev.sluice.config.Store;
import dev.sluice.fallback.cache.CopyKey;
import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.HeaderFields;
import dev.sluice.fallback.cache.StoredCopy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies that outlive the process, in a real file. */
@Timeout(60)
class CopyShelfTest {
  private static final CopyKey ORDERS = key("/orders");
  private static final HeaderFields NOTHING = HeaderFields.of(List.of());

  @TempDir private Path folder;
  private Store config;
  private Instant now = Instant.now();

  @BeforeEach
  void configure() {
    config = store(folder.resolve("sluice.db"), null);
  }

  private static Store store(Path file, Secret key) {
    return new Store(file.toString(), key, 10, 1 << 20, Duration.ofHours(1));
  }

  private static CopyKey key(String target) {
    return new CopyKey("orders", "shop", target, CopyKey.PUBLIC);
  }

  private StoredCopy copy(String body, String... line) {
    List<Map.Entry<String, String>> headers =
        line.length == 0 ? List.of() : List.of(Map.entry(line[0], line[1]));
    return StoredCopy.answered(200, headers, body.getBytes(StandardCharsets.UTF_8), now);
  }

  private interface Work {
    void on(CopyStore copies);
  }

  /** One life of a process: what an earlier one left, then the work, then an orderly end. */
  private CopyStore run(Store store, long maxBytes, Work work) {
    CopyStore copies = new CopyStore(10 << 20);
    try (CopyShelf shelf = new CopyShelf(copies, InstantSource.fixed(now))) {
      copies.keeper(shelf);
      open(shelf, store, maxBytes);
      work.on(copies);
    }
    return copies;
  }

  private static void open(CopyShelf shelf, Store store, long maxBytes) {
    Path file = CopyFile.of(store);
    shelf.open(file.toString(), () -> CopyFile.open(file, Seal.forStore(store), maxBytes));
  }

  private CopyStore run(Work work) {
    return run(config, 1 << 20, work);
  }

  @Test
  void theNextProcessHasThemAsTheyWere() {
    StoredCopy german = copy("Bestellungen", "Vary", "Accept-Language");
    run(
        copies -> {
          copies.keep(ORDERS, NOTHING, copy("orders", "ETag", "\"1\""));
          copies.keep(
              key("/lang"), HeaderFields.of(List.of(Map.entry("accept-language", "de"))), german);
        });
    now = now.plusSeconds(60);
    run(
        copies -> {
          StoredCopy found = copies.find(ORDERS, NOTHING);
          assertThat(new String(found.body(), StandardCharsets.UTF_8)).isEqualTo("orders");
          assertThat(found.fields().get("ETag")).isEqualTo("\"1\"");
          assertThat(found.ageSeconds(now)).isEqualTo(60);
          assertThat(
                  copies.find(
                      key("/lang"), HeaderFields.of(List.of(Map.entry("Accept-Language", "de")))))
              .isEqualTo(german);
          assertThat(copies.find(key("/lang"), NOTHING)).isNull();
        });
  }

  @Test
  void whatWasMadeVoidStaysVoid() {
    run(
        copies -> {
          copies.keep(ORDERS, NOTHING, copy("a"));
          copies.keep(key("/one"), NOTHING, copy("b"));
          copies.keep(key("/two"), NOTHING, copy("c"));
        });
    run(
        copies -> {
          copies.evictTarget("shop", "/orders");
          copies.evict(key("/one"));
        });
    run(
        copies -> {
          assertThat(copies.find(ORDERS, NOTHING)).isNull();
          assertThat(copies.find(key("/one"), NOTHING)).isNull();
          assertThat(copies.find(key("/two"), NOTHING)).isNotNull();
        });
  }

  /** A write right after the start, before the file is open. */
  @Test
  void whatIsMadeVoidBeforeTheFileIsReadIsNotHandedOver() {
    run(copies -> copies.keep(ORDERS, NOTHING, copy("old")));
    CopyStore copies = new CopyStore(1 << 20);
    try (CopyShelf shelf = new CopyShelf(copies, InstantSource.fixed(now))) {
      copies.keeper(shelf);
      copies.evictTarget("shop", "/orders");
      open(shelf, config, 1 << 20);
      assertThat(copies.find(ORDERS, NOTHING)).isNull();
    }
    run(later -> assertThat(later.find(ORDERS, NOTHING)).isNull());
  }

  @Test
  void whatIsNewerInMemoryIsNotReplaced() {
    run(copies -> copies.keep(ORDERS, NOTHING, copy("old")));
    CopyStore copies = new CopyStore(1 << 20);
    try (CopyShelf shelf = new CopyShelf(copies, InstantSource.fixed(now))) {
      copies.keeper(shelf);
      copies.keep(ORDERS, NOTHING, copy("new"));
      open(shelf, config, 1 << 20);
      assertThat(copies.find(ORDERS, NOTHING).body()).asString().isEqualTo("new");
    }
  }

  @Test
  void aDayIsTheOldest() {
    run(copies -> copies.keep(ORDERS, NOTHING, copy("a")));
    now = now.plus(Duration.ofHours(25));
    run(copies -> assertThat(copies.find(ORDERS, NOTHING)).isNull());
  }

  @Test
  void theFileIsBoundedAndTheOldestGoFirst() throws Exception {
    String large = "x".repeat(10_000);
    run(
        config,
        100_000,
        copies -> {
          for (int i = 0; i < 300; i++) {
            now = now.plusMillis(10);
            copies.keep(key("/" + i), NOTHING, copy(large));
          }
        });
    run(
        config,
        100_000,
        copies -> {
          assertThat(copies.stats().entries()).isLessThan(12);
          assertThat(copies.find(key("/0"), NOTHING)).isNull();
        });
  }

  @Test
  void theyAreSealedWithTheKeyAndUselessWithAnother() throws Exception {
    Store sealed = store(folder.resolve("sluice.db"), new Secret("A".repeat(43) + "="));
    run(sealed, 1 << 20, copies -> copies.keep(ORDERS, NOTHING, copy("confidential")));
    for (String suffix : new String[] {"", "-wal"}) {
      Path file = folder.resolve("sluice.db.copies" + suffix);
      if (Files.exists(file)) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain("confidential")
            .doesNotContain("/orders");
      }
    }
    run(sealed, 1 << 20, copies -> assertThat(copies.find(ORDERS, NOTHING)).isNotNull());
    Store other = store(folder.resolve("sluice.db"), new Secret("B".repeat(42) + "A="));
    run(other, 1 << 20, copies -> assertThat(copies.find(ORDERS, NOTHING)).isNull());
  }

  @Test
  void aDamagedFileIsThrownAwayAndHarmsNothing() throws Exception {
    run(copies -> copies.keep(ORDERS, NOTHING, copy("a")));
    Files.writeString(CopyFile.of(config), "this is no database at all, not even nearly one");
    run(
        copies -> {
          assertThat(copies.find(ORDERS, NOTHING)).isNull();
          copies.keep(ORDERS, NOTHING, copy("b"));
        });
    run(copies -> assertThat(copies.find(ORDERS, NOTHING)).isNotNull());
  }

  @Test
  void whereNoFileCanBeHadCopiesAreKeptInMemory() {
    Store nowhere = store(Path.of("/proc/nowhere/sluice.db"), null);
    run(
        nowhere,
        1 << 20,
        copies -> {
          copies.keep(ORDERS, NOTHING, copy("a"));
          assertThat(copies.find(ORDERS, NOTHING)).isNotNull();
        });
  }
}
