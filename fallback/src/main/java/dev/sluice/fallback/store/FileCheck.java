package dev.sluice.fallback.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Reads the whole file once: SQLite's own structure, then every record against its digests. */
final class FileCheck {
  private static final int CHUNK = 100;

  private FileCheck() {}

  /** What is wrong; null when nothing is, or when it was told to stop. */
  static @Nullable Trouble run(Path file, BooleanSupplier stop) {
    try (Connection connection = Connections.reading(file)) {
      String structure = structure(connection);
      if (structure != null) {
        return Trouble.of(Trouble.Kind.DAMAGED, structure);
      }
      records(new Tables(connection), stop);
      return null;
    } catch (SQLException | RuntimeException | Error e) {
      return Trouble.of(e);
    }
  }

  private static @Nullable String structure(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
      String answer = rows.next() ? rows.getString(1) : "no answer";
      return answer.equals("ok") ? null : "quick_check says: " + answer;
    }
  }

  private static void records(Tables tables, BooleanSupplier stop) throws SQLException {
    List<Row> rows = tables.after(0, CHUNK);
    while (!rows.isEmpty() && !stop.getAsBoolean()) {
      for (Row row : rows) {
        verify(tables, row);
      }
      rows = tables.after(rows.get(rows.size() - 1).sequence(), CHUNK);
    }
  }

  /** A record may be changed or purged between the reading of its parts; then it is read again. */
  private static void verify(Tables tables, Row row) throws SQLException {
    try {
      tables.content(row);
      tables.outcome(row);
    } catch (DamagedRecord e) {
      Row again = tables.byId(row.id());
      if (again != null && again.equals(row)) {
        throw e;
      }
    }
  }
}
