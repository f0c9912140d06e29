package dev.sluice.fallback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Fills a volume of 32 MiB in a process of its own; ends with 0 when all held. */
final class SmallVolume {
  private static final Completion DONE =
      Completion.succeeded(new CapturedAnswer(201, List.of(), new byte[200_000]));

  private final Path file;
  private final Path ballast;
  private final List<String> kept = new ArrayList<>();

  private SmallVolume(Path volume) {
    file = volume.resolve("sluice.db");
    ballast = volume.resolve("ballast");
  }

  public static void main(String[] arguments) throws Exception {
    SmallVolume volume = new SmallVolume(Path.of(arguments[0]));
    volume.fortyAtOnce();
    volume.somebodyElseFillsTheDisk();
    volume.nothingIsLostOnAFullDisk();
    volume.nothingIsLostWithSpaceAgain();
    System.out.println("all held");
  }

  private static SqliteStore open(Path file) {
    return SqliteStore.open(Writes.config(file), InstantSource.system());
  }

  private void offer(SqliteStore store, int writes) {
    String body = "x".repeat(1 << 20);
    List<CompletableFuture<String>> offered = new ArrayList<>();
    for (int i = 0; i < writes; i++) {
      offered.add(
          store.accept(Writes.write("POST", "/p", null, null, body)).thenApply(all -> all.id()));
    }
    for (CompletableFuture<String> each : offered) {
      String id = each.exceptionally(refused -> "").join();
      if (!id.isEmpty()) {
        kept.add(id);
      }
    }
  }

  private static void complete(SqliteStore store, int writes) {
    Instant now = InstantSource.system().instant();
    for (QueuedWrite write : Writes.now(store.claim(writes, now, route -> true))) {
      assertThat(Writes.now(store.complete(write.id(), write.epoch(), DONE)).current()).isTrue();
    }
  }

  /** All but two of them come to an end, with large answers. */
  private void fortyAtOnce() {
    try (SqliteStore store = open(file)) {
      offer(store, 40);
      assertThat(kept).hasSizeBetween(4, 16);
      complete(store, kept.size() - 2);
      assertThat(store.counts()).containsEntry(WriteState.QUEUED, 2L);
      assertThat(store.healthy()).isTrue();
    }
  }

  private void fill() throws IOException {
    try (OutputStream out =
        Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private void somebodyElseFillsTheDisk() throws IOException {
    try (SqliteStore store = open(file)) {
      complete(store, 1);
      fill();
      assertThatThrownBy(() -> Writes.accept(store, Writes.put("/a", "small")))
          .hasMessageContaining("nearly full");
      assertThat(store.healthy()).isTrue();
    }
    fill();
    assertThatThrownBy(() -> open(file.resolveSibling("new.db")).close())
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContainingAll("disk is full", "Free space", "restart")
        .hasMessageNotContainingAny("damaged", "move it away", "start empty");
  }

  /** What is in the file already can be read and sent without any. */
  private void nothingIsLostOnAFullDisk() {
    try (SqliteStore store = open(file)) {
      assertThat(kept).allMatch(id -> Writes.now(store.find(id)).isPresent());
      assertThat(store.counts()).containsEntry(WriteState.QUEUED, 1L);
    }
  }

  private void nothingIsLostWithSpaceAgain() throws IOException {
    Files.delete(ballast);
    try (SqliteStore store = open(file)) {
      assertThat(kept).allMatch(id -> Writes.now(store.find(id)).isPresent());
      complete(store, 1);
      assertThat(store.counts()).containsEntry(WriteState.SUCCEEDED, (long) kept.size());
      assertThat(store.healthy()).isTrue();
    }
  }
}
