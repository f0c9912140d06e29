package dev.sluice.fallback.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * What an error means and the way out. A file is called damaged only on SQLite's word or that of a
 * digest: whoever reads "damaged" may move records away that a little disk space would have saved.
 */
record Trouble(Kind kind, String problem, String wayOut) {
  /** What is at fault. */
  enum Kind {
    DISK_FULL("Free space on it, then restart: every acknowledged write is in the file"),
    UNREACHABLE(
        "Check the folder's owner, its permissions and its free space, then restart: the records"
            + " were not touched"),
    BUSY("Stop the process that holds it, then restart: the records were not touched"),
    DISK_FAILED("See the system's log, repair the disk, then restart; delete nothing"),
    NO_LIBRARY(
        "It is unpacked into the folder for temporary files: name one that may hold programs with"
            + " -Dorg.sqlite.tmpdir=FOLDER, then restart: the records were not touched"),
    NO_MEMORY("Give the process more memory, then restart"),
    DAMAGED(StoreFile.RESTORE),
    OTHER("Run 'sluice queue verify', then restart; delete nothing");

    private final String wayOut;

    Kind(String wayOut) {
      this.wayOut = wayOut;
    }
  }

  static Trouble of(Kind kind, String problem) {
    return new Trouble(kind, problem, kind.wayOut);
  }

  /** What was thrown while the file was opened, read or changed. */
  static Trouble of(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      Trouble found = known(at);
      if (found != null) {
        return found;
      }
    }
    return of(Kind.OTHER, "it failed: " + words(error));
  }

  private static @Nullable Trouble known(Throwable error) {
    if (error instanceof DamagedRecord) {
      return of(Kind.DAMAGED, "it is damaged: " + error.getMessage());
    }
    if (error instanceof SQLiteException sqlite) {
      return of(kind(sqlite.getResultCode()), sqlite);
    }
    if (error instanceof NativeLibraryNotFoundException || error instanceof LinkageError) {
      return of(Kind.NO_LIBRARY, "SQLite's native library cannot be loaded: " + words(error));
    }
    if (error instanceof OutOfMemoryError) {
      return of(Kind.NO_MEMORY, "the memory ran out: " + words(error));
    }
    return error instanceof IOException io ? fileSystem(io) : null;
  }

  private static Trouble of(Kind kind, SQLiteException error) {
    String said = error.getMessage();
    return switch (kind) {
      case DISK_FULL -> of(kind, "its disk is full: " + said);
      case UNREACHABLE -> of(kind, "SQLite cannot open it: " + said);
      case BUSY -> of(kind, "another process holds it: " + said);
      case DISK_FAILED -> of(kind, "its disk failed: " + said);
      case NO_MEMORY -> of(kind, "the memory ran out: " + said);
      case DAMAGED -> of(kind, "it is damaged: " + said);
      default -> of(kind, "SQLite says: " + said);
    };
  }

  private static Kind kind(SQLiteErrorCode extended) {
    return switch (extended) {
      // The journal's index is made longer by a write that fails for want of space alone.
      case SQLITE_IOERR_SHMSIZE -> Kind.DISK_FULL;
      case SQLITE_IOERR_NOMEM -> Kind.NO_MEMORY;
      default -> primary(SQLiteErrorCode.getErrorCode(extended.code & 0xff));
    };
  }

  private static Kind primary(SQLiteErrorCode code) {
    return switch (code) {
      case SQLITE_FULL -> Kind.DISK_FULL;
      case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH -> Kind.UNREACHABLE;
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL -> Kind.BUSY;
      case SQLITE_IOERR -> Kind.DISK_FAILED;
      case SQLITE_NOMEM -> Kind.NO_MEMORY;
      case SQLITE_CORRUPT, SQLITE_NOTADB -> Kind.DAMAGED;
      default -> Kind.OTHER;
    };
  }

  private static Trouble fileSystem(IOException error) {
    String said = String.valueOf(error.getMessage());
    String folded = said.toLowerCase(Locale.ROOT);
    if (folded.contains("no space left") || folded.contains("quota exceeded")) {
      return of(Kind.DISK_FULL, "its disk is full: " + said);
    }
    Kind kind = error instanceof FileSystemException ? Kind.UNREACHABLE : Kind.DISK_FAILED;
    return of(kind, "the file system says " + words(error));
  }

  private static String words(Throwable error) {
    return error.getClass().getSimpleName() + ": " + error.getMessage();
  }

  StoreUnusable unusable(Path file, Throwable cause) {
    return new StoreUnusable(file, problem, wayOut, cause);
  }
}
