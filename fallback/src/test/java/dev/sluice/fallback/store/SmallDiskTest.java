package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.START;
import static dev.sluice.fallback.store.Writes.claim;
import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Store;
import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.Ending;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.WriteState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is as large as the test says: what is free is what the folder's files leave of it.
 * Nothing enforces the size; the tests look whether the files ever went beyond it, where a real
 * disk would have failed the store. See SmallVolumeTest for one that does.
 */
class SmallDiskTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private final AtomicLong most = new AtomicLong();
  private long capacity;
  private Instant time = START;
  private Store config;

  @BeforeEach
  void size() {
    capacity = 32 * MIB;
    config =
        new Store(
            folder.resolve("sluice.db").toString(), null, 100_000, 1L << 30, Duration.ofHours(1));
  }

  private SqliteStore open() {
    return SqliteStore.open(config, () -> time, file -> () -> Math.max(0, capacity - used()));
  }

  private long used() {
    try (Stream<Path> files = Files.list(folder)) {
      long used = 0;
      for (Path file : files.toList()) {
        used += Files.exists(file) ? Files.size(file) : 0;
      }
      most.accumulateAndGet(used, Math::max);
      return used;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> offer(SqliteStore store, int writes, int bytes) {
    String body = "x".repeat(bytes);
    List<CompletableFuture<Accepted>> offered = new ArrayList<>();
    for (int i = 0; i < writes; i++) {
      offered.add(store.accept(Writes.write("POST", "/p", null, null, body)));
    }
    List<String> kept = new ArrayList<>();
    for (CompletableFuture<Accepted> each : offered) {
      try {
        kept.add(each.join().id());
      } catch (CompletionException e) {
        assertThat(e.getCause())
            .isInstanceOfSatisfying(
                StoreRefused.class,
                refused -> assertThat(refused.reason()).isEqualTo(StoreRefused.Reason.FULL));
      }
    }
    used();
    return kept;
  }

  private void completeAll(SqliteStore store, int answerBytes) {
    Completion done =
        Completion.succeeded(
            new CapturedAnswer(201, List.of(Map.entry("Location", "/p/1")), new byte[answerBytes]));
    for (List<QueuedWrite> some = claim(store, 50); !some.isEmpty(); some = claim(store, 50)) {
      List<CompletableFuture<Ending>> ends = new ArrayList<>();
      some.forEach(write -> ends.add(store.complete(write.id(), write.epoch(), done)));
      ends.forEach(end -> assertThat(now(end).current()).isTrue());
      used();
    }
  }

  @Test
  void whatWasAcknowledgedOnASmallDiskComesToItsEnd() {
    List<String> kept;
    try (SqliteStore store = open()) {
      kept = offer(store, 40, MIB);
      assertThat(kept).hasSizeBetween(4, 16);
      completeAll(store, 200_000);
      assertThat(store.counts()).containsEntry(WriteState.SUCCEEDED, (long) kept.size());
      assertThat(store.healthy()).isTrue();
    }
    assertThat(used()).isPositive();
    assertThat(most).hasValueLessThan(capacity);
    try (SqliteStore store = open()) {
      assertThat(kept).allMatch(id -> now(store.find(id)).isPresent());
    }
  }

  @Test
  void oneByOneTheDiskIsNotOverfilledEither() {
    try (SqliteStore store = open()) {
      int kept = 0;
      while (offer(store, 1, MIB).size() == 1) {
        kept++;
      }
      assertThat(kept).isBetween(4, 16);
      completeAll(store, 200_000);
      assertThat(store.counts()).containsEntry(WriteState.SUCCEEDED, (long) kept);
    }
    used();
    assertThat(most).hasValueLessThan(capacity);
  }

  @Test
  void largeAnswersAreCutBeforeACompletionIsLost() {
    capacity = 64 * MIB;
    List<String> kept;
    try (SqliteStore store = open()) {
      kept = offer(store, 1000, 100);
      assertThat(kept).hasSize(1000);
      completeAll(store, 200_000);
      assertThat(store.counts()).containsEntry(WriteState.SUCCEEDED, 1000L);
      CapturedAnswer first = now(store.find(kept.get(0))).orElseThrow().answer();
      CapturedAnswer last = now(store.find(kept.get(999))).orElseThrow().answer();
      assertThat(first.whole()).isTrue();
      assertThat(first.body()).hasSize(200_000);
      assertThat(last.whole()).isFalse();
      assertThat(last.body()).isEmpty();
      assertThat(last.headers()).containsExactly(Map.entry("Location", "/p/1"));
    }
    used();
    assertThat(most).hasValueLessThan(capacity);
  }

  @Test
  void deletedRecordsMakeRoomAlthoughTheFileStaysLong() {
    try (SqliteStore store = open()) {
      int before = offer(store, 40, MIB).size();
      completeAll(store, 0);
      int full = offer(store, 40, MIB).size();
      assertThat(full).isLessThan(before);
      completeAll(store, 0);
      time = time.plus(Duration.ofHours(2));
      assertThat(now(store.purge(time))).isGreaterThanOrEqualTo(before);
      assertThat(offer(store, 40, MIB))
          .hasSizeGreaterThan(full)
          .hasSizeGreaterThanOrEqualTo(before / 2);
    }
    used();
    assertThat(most).hasValueLessThan(capacity);
  }
}
