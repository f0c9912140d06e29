package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.store.Trouble.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class TroubleTest {
  private static final Path FILE = Path.of("/data/sluice.db");

  static List<Arguments> errors() {
    return List.of(
        Arguments.of(sqlite(SQLiteErrorCode.SQLITE_FULL), Kind.DISK_FULL),
        Arguments.of(sqlite(SQLiteErrorCode.SQLITE_IOERR_SHMSIZE), Kind.DISK_FULL),
        Arguments.of(
            new FileSystemException("sluice.db.high-water", null, "No space left on device"),
            Kind.DISK_FULL),
        Arguments.of(new IOException("Disk quota exceeded"), Kind.DISK_FULL),
        Arguments.of(sqlite(SQLiteErrorCode.SQLITE_CANTOPEN), Kind.UNREACHABLE),
        Arguments.of(sqlite(SQLiteErrorCode.SQLITE_READONLY_DIRECTORY), Kind.UNREACHABLE),
        Arguments.of(new AccessDeniedException("/data"), Kind.UNREACHABLE),
        Arguments.of(sqlite(SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT), Kind.BUSY),
        Arguments.of(sqlite(SQLiteErrorCode.SQLITE_IOERR_FSYNC), Kind.DISK_FAILED),
        Arguments.of(new IOException("Input/output error"), Kind.DISK_FAILED),
        Arguments.of(
            new SQLException("Error opening connection", new NativeLibraryNotFoundException("no")),
            Kind.NO_LIBRARY),
        Arguments.of(new NoClassDefFoundError("org/sqlite/core/NativeDB"), Kind.NO_LIBRARY),
        Arguments.of(sqlite(SQLiteErrorCode.SQLITE_IOERR_NOMEM), Kind.NO_MEMORY),
        Arguments.of(new OutOfMemoryError("Java heap space"), Kind.NO_MEMORY),
        Arguments.of(sqlite(SQLiteErrorCode.SQLITE_CORRUPT_INDEX), Kind.DAMAGED),
        Arguments.of(sqlite(SQLiteErrorCode.SQLITE_NOTADB), Kind.DAMAGED),
        Arguments.of(new DamagedRecord("record 3 differs from its digest"), Kind.DAMAGED),
        Arguments.of(new SQLException("something else"), Kind.OTHER));
  }

  private static SQLiteException sqlite(SQLiteErrorCode code) {
    return new SQLiteException(code.message, code);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("errors")
  void everyErrorHasItsCause(Throwable error, Kind kind) {
    assertThat(Trouble.of(error).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DAMAGED"})
  void onlyDamageSuggestsAnEmptyStore(Kind kind) {
    String said = Trouble.of(kind, "it failed").unusable(FILE, new IOException()).getMessage();
    assertThat(said).contains("restart").doesNotContain("start empty", "move", "damaged");
  }

  @Test
  void noWayOutDestroysRecords() {
    String said =
        Trouble.of(Kind.DAMAGED, "it is damaged").unusable(FILE, new IOException()).getMessage();
    assertThat(said).contains("backup", "keep them").doesNotContain("delete");
  }
}
