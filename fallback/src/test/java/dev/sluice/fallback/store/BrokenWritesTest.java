package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a process without any rights can do to its own writes. */
class BrokenWritesTest {
  @TempDir Path folder;

  /** A bound on the size of files makes the kernel cut a write short and refuse the next one. */
  @Test
  @Timeout(90)
  void aWriteThatFailsLosesNothingThatWasAcknowledged() throws Exception {
    Path file = folder.resolve("sluice.db");
    String said =
        ChildProcess.run(
            0,
            ChildProcess.shell(
                "ulimit -f 24000 && exec \"$@\"",
                ChildProcess.java(List.of(), WritesUntilRefused.class, file)));
    List<String> kept =
        said.lines()
            .filter(line -> line.startsWith("accepted "))
            .map(line -> line.substring("accepted ".length()))
            .toList();
    assertThat(said)
        .contains("failed and takes no more writes", "its disk failed", "delete nothing")
        .doesNotContain("damaged", "move it");
    assertThat(kept).hasSizeGreaterThan(5);

    try (SqliteStore store = SqliteStore.open(Writes.config(file), InstantSource.system())) {
      assertThat(kept).allMatch(id -> Writes.now(store.find(id)).isPresent());
      assertThat(store.healthy()).isTrue();
    }
  }

  @Test
  void aMissingNativeLibraryIsNoDamage() throws Exception {
    Path file = folder.resolve("sluice.db");
    Path nowhere = Files.createFile(folder.resolve("file")).resolve("none");
    String said =
        ChildProcess.run(
            0,
            ChildProcess.java(List.of("-Dorg.sqlite.tmpdir=" + nowhere), OpensTwice.class, file));
    assertThat(said)
        .contains("native library", "-Dorg.sqlite.tmpdir=FOLDER", "not touched")
        .doesNotContain("opened", "damaged", "move it");
  }
}
