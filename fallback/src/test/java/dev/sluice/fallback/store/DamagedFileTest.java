package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.START;
import static dev.sluice.fallback.store.Writes.accept;
import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedFileTest {
  private static final String MARKER = "needle-in-the-body";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void fill() {
    file = folder.resolve("sluice.db");
    try (SqliteStore store = open()) {
      for (int i = 0; i < 50; i++) {
        accept(store, Writes.put("/a/" + i, MARKER + "x".repeat(2000)));
      }
    }
  }

  private SqliteStore open() {
    return SqliteStore.open(Writes.config(file), InstantSource.fixed(START));
  }

  private void refused(String... words) {
    assertThatThrownBy(() -> open().close())
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(words);
  }

  private void flip(long position) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(position);
      int old = raw.read();
      raw.seek(position);
      raw.write(old ^ 1);
    }
  }

  /** All of them: SQLite leaves old copies in the unused parts of pages, where damage is none. */
  private void flipEveryMarker() throws IOException {
    String raw = Files.readString(file, StandardCharsets.ISO_8859_1);
    int copies = 0;
    for (int at = raw.indexOf(MARKER); at >= 0; at = raw.indexOf(MARKER, at + 1)) {
      flip(at);
      copies++;
    }
    assertThat(copies).isGreaterThanOrEqualTo(50);
  }

  @Test
  void aSecondOpeningOfOneFileIsRefused() {
    try (SqliteStore first = open()) {
      refused("another process", "sluice queue list");
      assertThat(first.healthy()).isTrue();
    }
    open().close();
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(raw.length() - 4096 * 3);
    }
    refused("backup");
  }

  @Test
  void aCutToTheHeadIsRefused() throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(4096);
    }
    refused("backup");
  }

  @Test
  void anEmptiedOrMissingFileIsRefused() throws IOException {
    Files.write(file, new byte[0]);
    refused("records are lost", "high-water");
    Files.delete(file);
    refused("records are lost", "high-water");
  }

  @Test
  void aFlippedBitInARecordIsRefused() throws IOException {
    flipEveryMarker();
    refused("differs from its digest");
  }

  @Test
  void aFlippedBitInTheHeadIsRefused() throws IOException {
    flip(3);
    refused("no SQLite database");
  }

  @Test
  void aChangedColumnIsRefused() throws Exception {
    sql("UPDATE writes SET state = 'SUCCEEDED' WHERE sequence = 3");
    try (SqliteStore store = open()) {
      await().until(() -> !store.healthy());
      assertThat(store.reason())
          .contains("record 3 differs from its digest", "sluice queue verify");
      assertThatThrownBy(() -> accept(store, Writes.put("/new", "x")))
          .hasMessageContaining("takes no more writes");
    }
  }

  @Test
  void anEndedRecordThatRottedStopsTheAcknowledgements() throws IOException {
    try (SqliteStore store = open()) {
      now(store.list(dev.sluice.fallback.queue.WriteState.ACTIVE, 100))
          .forEach(write -> now(store.cancel(write.id())));
    }
    flipEveryMarker();
    try (SqliteStore store = open()) {
      await().until(() -> !store.healthy());
      assertThat(store.reason()).contains("differs from its digest");
    }
    try (StoreInspection inspection = SqliteStore.inspect(Writes.config(file))) {
      assertThat(inspection.verify()).contains("differs from its digest");
    }
  }

  @Test
  void lostCommitsAreNoticed() throws Exception {
    sql("UPDATE meta SET commits = commits - 1");
    refused("records are lost", "delete");
    Files.delete(HighWater.file(file));
    open().close();
  }

  @Test
  void aDamagedHighWaterFileIsRefused() throws IOException {
    Files.writeString(HighWater.file(file), "sequence=1 commits=1 digest=0");
    refused("high-water");
  }

  @Test
  void anotherProgramsDatabaseIsRefused() throws Exception {
    sql("PRAGMA application_id = 7");
    refused("another program");
  }

  @Test
  void aJournalThatLostItsTailIsRefused() throws IOException {
    SqliteStore store = open();
    accept(store, Writes.put("/b", "1"));
    accept(store, Writes.put("/b", "2"));
    Path copy = folder.resolve("copy.db");
    Path journal = folder.resolve("sluice.db-wal");
    Files.copy(file, copy);
    byte[] frames = Files.readAllBytes(journal);
    frames[frames.length - 4096 / 2] ^= 1;
    Files.write(folder.resolve("copy.db-wal"), frames);
    Files.copy(HighWater.file(file), HighWater.file(copy));
    store.close();
    file = copy;
    refused("records are lost");
  }

  private void sql(String statement) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement raw = connection.createStatement()) {
      raw.execute(statement);
    }
  }
}
