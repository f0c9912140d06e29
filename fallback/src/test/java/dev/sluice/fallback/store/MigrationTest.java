package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the first format are brought to the present one with all that is in them. */
class MigrationTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void ofTheFirstFormat() throws Exception {
    file = folder.resolve("sluice.db");
    SqliteStore.open(Writes.config(file), () -> Writes.START).close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      Tables tables = new Tables(connection);
      tables.insert(RowTest.row(1).withContent(Digests.sha256(RowTest.CONTENT)), RowTest.CONTENT);
      tables.run(Sql.UPDATE_META, 1, 1);
      statement.execute("DROP INDEX writes_parked");
      statement.execute("ALTER TABLE writes DROP COLUMN parked");
      statement.execute("ALTER TABLE writes DROP COLUMN principal_tag");
      statement.execute("PRAGMA user_version = 1");
    }
  }

  @Test
  void itsRecordsGoOn() {
    for (int opening = 0; opening < 2; opening++) {
      try (SqliteStore store = SqliteStore.open(Writes.config(file), () -> Writes.START)) {
        QueuedWrite write = now(store.find("id1")).orElseThrow();
        assertThat(write.state()).isEqualTo(WriteState.QUEUED);
        assertThat(write.request()).isEqualTo(Writes.put("/a", "body"));
        Writes.accept(store, Writes.put("/new" + opening, "x"));
      }
    }
    try (StoreInspection inspection = SqliteStore.inspect(Writes.config(file))) {
      assertThat(inspection.verify()).isNull();
    }
  }

  @Test
  void itIsReadWithoutBeingChanged() {
    try (StoreInspection inspection = SqliteStore.inspect(Writes.config(file))) {
      assertThat(inspection.find("id1")).isPresent();
      assertThat(inspection.verify()).isNull();
    }
  }

  @Test
  void aLaterFormatIsRefused() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 3");
    }
    assertThatThrownBy(() -> SqliteStore.open(Writes.config(file), () -> Writes.START))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("its format is 3");
  }
}
