package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.START;
import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fallback.store.Journal.Note;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalTest {
  @TempDir Path folder;
  private SqliteStore store;

  @BeforeEach
  void open() {
    store =
        SqliteStore.open(Writes.config(folder.resolve("sluice.db")), InstantSource.fixed(START));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void theNewestOfEachIdSurvivesARestart() {
    now(store.journal().append("breaker", "orders-db", "first"));
    now(store.journal().append("breaker", "orders-db", "second"));
    now(store.journal().append("breaker", "stock-db", "third"));
    now(store.journal().append("alert", "orders-db", "other"));
    close();
    open();
    assertThat(now(store.journal().latest("breaker")))
        .isEqualTo(Map.of("orders-db", "second", "stock-db", "third"));
    assertThat(now(store.journal().scan("breaker", "orders-db", 9)))
        .containsExactly(new Note(START, "second"), new Note(START, "first"));
    assertThat(now(store.journal().latest("nothing"))).isEmpty();
  }

  @Test
  void aHundredOfEachStay() {
    for (int i = 0; i < 105; i++) {
      store.journal().append("breaker", "orders-db", "note " + i);
    }
    now(store.journal().append("breaker", "stock-db", "alone"));
    assertThat(now(store.journal().scan("breaker", "orders-db", 1_000)))
        .hasSize(100)
        .first()
        .isEqualTo(new Note(START, "note 104"));
    assertThat(now(store.journal().scan("breaker", "stock-db", 1_000))).hasSize(1);
  }

  @Test
  void aFileThatWasMadeWithoutAJournalGetsOne() throws Exception {
    String id = Writes.accept(store, Writes.put("/api/orders/7", "seven"));
    close();
    String url = "jdbc:sqlite:" + folder.resolve("sluice.db");
    try (Connection file = DriverManager.getConnection(url);
        Statement statement = file.createStatement()) {
      statement.execute("DROP TABLE journal");
    }
    open();
    now(store.journal().append("breaker", "orders-db", "first"));
    assertThat(now(store.journal().latest("breaker"))).containsEntry("orders-db", "first");
    assertThat(now(store.find(id))).isPresent();
  }

  @Test
  void aTextThatIsTooLongIsAMistakeOfTheCaller() {
    String text = "x".repeat(Journal.MOST_CHARACTERS + 1);
    assertThatThrownBy(() -> store.journal().append("breaker", "orders-db", text))
        .isInstanceOf(IllegalArgumentException.class);
    now(store.journal().append("breaker", "orders-db", text.substring(1)));
    assertThat(now(store.journal().latest("breaker"))).containsKey("orders-db");
  }
}
