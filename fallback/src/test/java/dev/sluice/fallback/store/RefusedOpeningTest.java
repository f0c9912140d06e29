package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.START;
import static dev.sluice.fallback.store.Writes.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that was refused is, byte for byte, what it was: it can still be repaired. */
class RefusedOpeningTest {
  private static final String BODY = "needle in the journal ";

  @TempDir Path folder;
  private Path copy;

  /** The files of a store that was killed: most records are in the journal alone. */
  @BeforeEach
  void killed() throws IOException {
    Path file = Files.createDirectory(folder.resolve("live")).resolve("sluice.db");
    copy = Files.createDirectory(folder.resolve("copy"));
    try (SqliteStore store = open(Writes.config(file))) {
      for (int i = 0; i < 50; i++) {
        accept(store, Writes.put("/a/" + i, BODY + "x".repeat(8000)));
      }
      try (Stream<Path> files = Files.list(file.getParent())) {
        for (Path each : files.toList()) {
          Files.copy(each, copy.resolve(each.getFileName()));
        }
      }
    }
    assertThat(Files.size(journal())).isGreaterThan(500_000);
  }

  private Path database() {
    return copy.resolve("sluice.db");
  }

  private Path journal() {
    return copy.resolve("sluice.db-wal");
  }

  private static SqliteStore open(Store config) {
    return SqliteStore.open(config, InstantSource.fixed(START));
  }

  private void refusedAndUntouched(Store config, String... words) throws IOException {
    Map<String, String> before = digests();
    assertThatThrownBy(() -> open(config).close())
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContainingAll(words);
    assertThat(digests()).isEqualTo(before);
  }

  private Map<String, String> digests() throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(copy)) {
      for (Path file : files.toList()) {
        digests.put(file.getFileName().toString(), Digests.sha256(Files.readAllBytes(file)));
      }
    }
    return digests;
  }

  private void flip(Path file, int position) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[position] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void theFilesOfAKilledStoreOpen() {
    try (SqliteStore store = open(Writes.config(database()))) {
      assertThat(store.backlog("/a/49")).isTrue();
    }
  }

  @Test
  void aFlippedBitInTheJournalCostsNothingMore() throws IOException {
    flip(journal(), (int) Files.size(journal()) / 2);
    refusedAndUntouched(Writes.config(database()), "records are lost", "Keep a copy");

    flip(journal(), (int) Files.size(journal()) / 2);
    theFilesOfAKilledStoreOpen();
  }

  @Test
  void theJournalsIndexIsNeitherMadeNorChanged() throws IOException {
    Files.delete(copy.resolve("sluice.db-shm"));
    flip(journal(), (int) Files.size(journal()) / 2);
    refusedAndUntouched(Writes.config(database()), "records are lost");
  }

  @Test
  void aWrongKeyChangesNothing() throws IOException {
    open(Writes.sealed(database(), Writes.KEY)).close();
    refusedAndUntouched(Writes.sealed(database(), Writes.OTHER_KEY), "store.key");
    refusedAndUntouched(Writes.config(database()), "no key is configured");
  }

  @Test
  void aDamagedRecordChangesNothing() throws IOException {
    open(Writes.config(database())).close();
    String raw = Files.readString(database(), StandardCharsets.ISO_8859_1);
    for (int at = raw.indexOf(BODY); at >= 0; at = raw.indexOf(BODY, at + 1)) {
      flip(database(), at);
    }
    refusedAndUntouched(Writes.config(database()), "differs from its digest");
  }

  @Test
  void aMissingDatabaseDoesNotCostItsJournal() throws IOException {
    Files.delete(database());
    refusedAndUntouched(Writes.config(database()), "records are lost");
    Files.delete(copy.resolve("sluice.db.high-water"));
    refusedAndUntouched(Writes.config(database()), "its journal", "Bring back");
    Files.createFile(database());
    refusedAndUntouched(Writes.config(database()), "its journal");
  }

  @Test
  void aDamagedHighWaterFileChangesNothing() throws IOException {
    flip(copy.resolve("sluice.db.high-water"), 20);
    refusedAndUntouched(Writes.config(database()), "high-water");
  }

  @Test
  void aPathWithSignsOfItsOwnIsReadAsItIs() throws IOException {
    Path odd = folder.resolve("what? 100%25 #1").resolve("a b.db");
    open(Writes.config(odd)).close();
    try (SqliteStore store = open(Writes.config(odd))) {
      accept(store, Writes.put("/a", "1"));
    }
    try (SqliteStore store = open(Writes.config(odd))) {
      assertThat(store.backlog("/a")).isTrue();
    }
  }
}
