package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.store.SystemCalls.Call;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that answers EIO. */
@Tag("crash")
class FailingDiskTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"fsync,fdatasync:error=EIO:when=40+", "pwrite64:error=EIO:when=900+"})
  @Timeout(120)
  void nothingIsAcknowledgedAfterIt(String fault) throws Exception {
    Path files = Files.createDirectory(folder.resolve("traced"));
    Path log = folder.resolve("trace.log");
    Path file = files.resolve("sluice.db");
    String said =
        ChildProcess.run(
            0,
            SystemCalls.traced(
                log, fault, ChildProcess.java(List.of(), WritesUntilRefused.class, file)));
    assertThat(said).contains("failed and takes no more writes", "its disk failed");
    List<String> kept =
        said.lines()
            .filter(line -> line.startsWith("accepted "))
            .map(line -> line.substring("accepted ".length()))
            .toList();
    assertThat(kept).hasSizeGreaterThan(2);
    List<Call> calls = SystemCalls.read(log, files);
    Call failed = calls.stream().filter(Call::injected).findFirst().orElseThrow();
    List<Call> after = calls.subList(calls.indexOf(failed) + 1, calls.size());
    assertThat(after).filteredOn(call -> call.said().startsWith("accepted")).isEmpty();
    assertThat(after)
        .as("a sync tried again on the handle where it failed")
        .filteredOn(Call::sync)
        .filteredOn(call -> failed.sync() && call.handle() == failed.handle())
        .isEmpty();
    try (SqliteStore store = SqliteStore.open(Writes.config(file), InstantSource.system())) {
      assertThat(kept).allMatch(id -> Writes.now(store.find(id)).isPresent());
      assertThat(store.healthy()).isTrue();
    }
  }
}
