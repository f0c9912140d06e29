package dev.sluice.fallback.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/** Opens the file with the settings that the durability contract needs. */
final class Connections {
  private static final int BUSY_MILLIS = 2000;

  private Connections() {}

  /** For the writer's thread: WAL, and each commit synced before it returns. */
  static Connection writing(Path file) throws SQLException, IOException {
    PrivateFiles.create(file);
    Connection connection = open(file, new SQLiteConfig());
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA cell_size_check = ON");
      statement.execute("PRAGMA journal_size_limit = 67108864");
      statement.execute("PRAGMA wal_autocheckpoint = 0"); // see Checkpoints
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  static Connection reading(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    return open(file, config);
  }

  /** For looking at a file that no other process writes. */
  static Connection untouched(Path file, String parameter) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    return config.createConnection(uri(file, "?mode=ro&" + parameter));
  }

  private static Connection open(Path file, SQLiteConfig config) throws SQLException {
    config.setBusyTimeout(BUSY_MILLIS);
    config.setGetGeneratedKeys(false); // else every insert asks for the row that it made
    return config.createConnection(uri(file, ""));
  }

  /** The driver and SQLite both read meaning into a path's signs unless they are encoded. */
  private static String uri(Path file, String parameters) {
    return "jdbc:sqlite:file:" + file.toAbsolutePath().toUri().getRawPath() + parameters;
  }
}
