package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.START;
import static dev.sluice.fallback.store.Writes.accept;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileModesTest {
  @TempDir Path folder;

  @Test
  void nobodyButTheOwnerMayReadTheStore() throws IOException {
    Path own = folder.resolve("made/by/the/store");
    try (SqliteStore store =
        SqliteStore.open(Writes.config(own.resolve("sluice.db")), InstantSource.fixed(START))) {
      accept(store, Writes.put("/a", "private"));
      assertThat(modes(own))
          .containsEntry("sluice.db", "rw-------")
          .containsEntry("sluice.db-wal", "rw-------")
          .containsEntry("sluice.db-shm", "rw-------")
          .containsEntry("sluice.db.lock", "rw-------")
          .containsEntry("sluice.db.high-water", "rw-------");
      assertThat(mode(own)).isEqualTo("rwx------");
      assertThat(mode(folder.resolve("made"))).isEqualTo("rwx------");
    }
  }

  @Test
  void whatAnOperatorOpenedToOthersStaysSo() throws IOException {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-x---"));
    Path file = Files.createFile(shared.resolve("sluice.db"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    SqliteStore.open(Writes.config(file), InstantSource.fixed(START)).close();
    assertThat(mode(shared)).isEqualTo("rwxr-x---");
    assertThat(mode(file)).isEqualTo("rw-r-----");
  }

  private static Map<String, String> modes(Path folder) throws IOException {
    Map<String, String> modes = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        modes.put(file.getFileName().toString(), mode(file));
      }
    }
    return modes;
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
