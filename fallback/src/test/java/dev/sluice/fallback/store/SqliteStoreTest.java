package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.START;
import static dev.sluice.fallback.store.Writes.accept;
import static dev.sluice.fallback.store.Writes.claim;
import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Store;
import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.CapturedAnswer;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.WriteState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest {
  @TempDir Path folder;
  private Path file;
  private SqliteStore store;

  @BeforeEach
  void open() {
    file = folder.resolve("sluice.db");
    store = SqliteStore.open(Writes.config(file), InstantSource.fixed(START));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen(Store config) {
    store.close();
    store = SqliteStore.open(config, InstantSource.fixed(START));
  }

  private QueuedWrite found(String id) {
    return now(store.find(id)).orElseThrow();
  }

  @Test
  void keepsEverythingOverARestart() {
    NewWrite write = Writes.put("/api/orders/7", "seven");
    String id = accept(store, write);
    QueuedWrite before = found(id);

    reopen(Writes.config(file));

    assertThat(found(id)).isEqualTo(before);
    assertThat(found(id).request()).isEqualTo(write);
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(store.backlog("/api/orders/7")).isTrue();
    assertThat(store.counts()).containsEntry(WriteState.QUEUED, 1L);
    assertThat(store.oldestAge()).isEqualTo(Duration.ZERO);
  }

  @Test
  void sendsOneRecordPerKeyInOrder() {
    String first = accept(store, Writes.put("/a", "1"));
    String second = accept(store, Writes.put("/a", "2"));
    String other = accept(store, Writes.put("/b", "3"));

    List<QueuedWrite> claimed = claim(store, 10);
    assertThat(claimed).extracting(QueuedWrite::id).containsExactly(first, other);
    assertThat(claim(store, 10)).isEmpty();

    assertThat(now(store.complete(first, claimed.get(0).epoch(), Writes.done())).current())
        .isTrue();
    assertThat(claim(store, 10)).extracting(QueuedWrite::id).containsExactly(second);
  }

  @Test
  void aWaitingRetryHoldsUpItsKey() {
    String first = accept(store, Writes.put("/a", "1"));
    accept(store, Writes.put("/a", "2"));
    long epoch = claim(store, 10).get(0).epoch();
    now(store.retryLater(first, epoch, START.plusSeconds(5), "503"));

    assertThat(claim(store, 10)).isEmpty();
    List<QueuedWrite> later = now(store.claim(10, START.plusSeconds(5), route -> true));
    assertThat(later).extracting(QueuedWrite::id).containsExactly(first);
    assertThat(later.get(0).attempts()).isEqualTo(2);
    assertThat(later.get(0).lastError()).isEqualTo("503");
  }

  @Test
  void closedRoutesAndUnsentAttemptsCountNothing() {
    String id = accept(store, Writes.post(null, "1"));
    assertThat(now(store.claim(10, START, route -> false))).isEmpty();
    QueuedWrite claimed = claim(store, 1).get(0);
    now(store.release(id, claimed.epoch(), START, "the breaker opened"));
    assertThat(found(id).attempts()).isZero();
    assertThat(found(id).state()).isEqualTo(WriteState.RETRY_WAIT);
  }

  @Test
  void aStaleEpochCompletesNothing() {
    String id = accept(store, Writes.put("/a", "1"));
    long old = claim(store, 1).get(0).epoch();
    now(store.release(id, old, START, "unsent"));
    long current = claim(store, 1).get(0).epoch();

    assertThat(now(store.complete(id, old, Writes.done())).current()).isFalse();
    assertThat(found(id).state()).isEqualTo(WriteState.IN_FLIGHT);
    assertThat(now(store.complete(id, current, Writes.done())).current()).isTrue();
    assertThat(now(store.complete(id, current, Completion.ambiguous("late"))).current()).isFalse();
    assertThat(found(id).answer()).isEqualTo(Writes.done().answer());
    assertThat(store.anyBacklog()).isFalse();
  }

  @Test
  void marksAttemptsThatARestartInterrupted() {
    String id = accept(store, Writes.post(null, "1"));
    long epoch = claim(store, 1).get(0).epoch();
    reopen(Writes.config(file));

    assertThat(found(id).interrupted()).isTrue();
    assertThat(found(id).state()).isEqualTo(WriteState.RETRY_WAIT);
    assertThat(now(store.complete(id, epoch, Writes.done())).current()).isFalse();
    assertThat(claim(store, 1).get(0).interrupted()).isTrue();
  }

  @Test
  void oneKeyAndFingerprintIsOneRecord() {
    Accepted first = now(store.accept(Writes.post("k1", "body")));
    assertThat(now(store.accept(Writes.post("k1", "body"))))
        .isEqualTo(new Accepted(first.id(), true));
    assertThatThrownBy(() -> now(store.accept(Writes.post("k1", "other"))))
        .isInstanceOfSatisfying(
            StoreRefused.class,
            e -> assertThat(e.reason()).isEqualTo(StoreRefused.Reason.KEY_CONFLICT));
    reopen(Writes.sealed(file, Writes.KEY));
    assertThat(now(store.accept(Writes.post("k1", "body"))).existing()).isTrue();
  }

  @Test
  void cancelsOnlyWhatIsQueued() {
    String queued = accept(store, Writes.put("/a", "1"));
    assertThat(now(store.cancel(queued))).isTrue();
    assertThat(now(store.cancel(queued))).isFalse();
    assertThat(found(queued).state()).isEqualTo(WriteState.CANCELLED);

    String sent = accept(store, Writes.put("/a", "2"));
    long epoch = claim(store, 1).get(0).epoch();
    assertThat(now(store.cancel(sent))).isFalse();
    now(store.retryLater(sent, epoch, START, "503"));
    assertThat(now(store.cancel(sent))).isFalse();
    assertThat(now(store.discard(sent))).isTrue();
  }

  @Test
  void requeuesWhatDiedWithFreshAttempts() {
    String id = accept(store, Writes.put("/a", "1"));
    long epoch = claim(store, 1).get(0).epoch();
    now(store.complete(id, epoch, Completion.dead("used up", null)));
    assertThat(now(store.requeue(id, Duration.ofHours(1)))).isTrue();
    assertThat(found(id).attempts()).isZero();
    assertThat(found(id).lastError()).isNull();
    assertThat(now(store.requeue(id, Duration.ofHours(1)))).isFalse();
    assertThat(claim(store, 1)).extracting(QueuedWrite::id).containsExactly(id);
  }

  @Test
  void expiresThenPurges() {
    String id = accept(store, Writes.put("/a", "1"));
    assertThat(now(store.expire(START.plusSeconds(7199)))).isEmpty();
    assertThat(now(store.claim(9, START.plusSeconds(7200), route -> true))).isEmpty();
    assertThat(now(store.expire(START.plusSeconds(7200)))).hasSize(1);
    assertThat(found(id).state()).isEqualTo(WriteState.EXPIRED);
    assertThat(store.backlog("/a")).isFalse();
    assertThat(now(store.purge(START.plusSeconds(10_799)))).isZero();
    assertThat(now(store.purge(START.plusSeconds(10_800)))).isEqualTo(1);
    assertThat(now(store.find(id))).isEmpty();
  }

  @Test
  void refusesWhatIsBeyondItsBoundsButTakesCompletions() {
    reopen(new Store(file.toString(), null, 2, 64L << 20, Duration.ofHours(1)));
    String id = accept(store, Writes.put("/a", "1"));
    accept(store, Writes.put("/b", "2"));
    assertThatThrownBy(() -> accept(store, Writes.put("/c", "3")))
        .isInstanceOf(StoreRefused.class)
        .hasMessageContaining("2 writes");
    now(store.complete(id, claim(store, 1).get(0).epoch(), Writes.done()));
    accept(store, Writes.put("/c", "3"));

    reopen(new Store(file.toString(), null, 10, 1000, Duration.ofHours(1)));
    assertThatThrownBy(() -> accept(store, Writes.put("/d", "x".repeat(900))))
        .isInstanceOf(StoreRefused.class)
        .hasMessageContaining("bytes");
  }

  @Test
  void settledRecordsAreBoundedByBytesAndTheFirstToEndGoFirst() {
    reopen(new Store(file.toString(), null, 1000, 1 << 20, Duration.ofHours(1)));
    CapturedAnswer answer = new CapturedAnswer(200, List.of(), new byte[100_000]);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add(accept(store, Writes.put("/a/" + i, "1")));
      QueuedWrite claimed = claim(store, 1).get(0);
      now(store.complete(claimed.id(), claimed.epoch(), Completion.succeeded(answer)));
    }
    assertThat(now(store.find(ids.get(39)))).isPresent();
    assertThat(now(store.find(ids.get(0)))).isEmpty();
    assertThat(store.counts().get(WriteState.SUCCEEDED)).isBetween(8L, 10L);
    reopen(new Store(file.toString(), null, 1000, 500_000, Duration.ofHours(1)));
    assertThat(now(store.purge(START))).isPositive();
    assertThat(now(store.purge(START))).isZero();
    assertThat(store.counts().get(WriteState.SUCCEEDED)).isEqualTo(4);
    assertThat(now(store.find(ids.get(39)))).isPresent();
  }

  @Test
  void parkedWritesAreKeptAndTakeTheRoomOfNewOnes() {
    reopen(new Store(file.toString(), null, 1000, 100_000, Duration.ofHours(1)));
    List<String> dead = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      dead.add(accept(store, Writes.put("/a/" + i, "x".repeat(40_000))));
      now(store.complete(dead.get(i), claim(store, 1).get(0).epoch(), Completion.dead("e", null)));
    }
    assertThatThrownBy(() -> accept(store, Writes.put("/b", "1")))
        .isInstanceOfSatisfying(
            StoreRefused.class, e -> assertThat(e.reason()).isEqualTo(StoreRefused.Reason.FULL))
        .hasMessageContaining("operator");
    assertThat(now(store.purge(START))).isZero();
    assertThat(now(store.requeue(dead.get(0), Duration.ofHours(1)))).isTrue();
    now(store.complete(dead.get(0), claim(store, 1).get(0).epoch(), Writes.done()));
    accept(store, Writes.put("/b", "1"));
  }

  @Test
  void groupsWhatArrivesTogetherIntoFewCommits() {
    long before = store.commits();
    List<CompletableFuture<Accepted>> all = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      all.add(store.accept(Writes.put("/a" + i, "x")));
    }
    all.forEach(Writes::now);
    assertThat(store.commits() - before).isPositive().isLessThan(500);
    assertThat(store.counts()).containsEntry(WriteState.QUEUED, 2000L);
  }

  @Test
  void sealedRecordsShowNothingAndNeedTheirKey() throws Exception {
    reopen(Writes.sealed(file, Writes.KEY));
    String id = accept(store, Writes.put("/api/very-private", "very-secret"));
    assertThat(found(id).request().body()).asString().isEqualTo("very-secret");
    store.close();
    String raw = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(raw).doesNotContain("very-secret").doesNotContain("very-private");
    assertThatThrownBy(() -> reopen(Writes.config(file)))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("no key is configured");
    assertThatThrownBy(() -> reopen(Writes.sealed(file, Writes.OTHER_KEY)))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("store.key");
    reopen(Writes.sealed(file, Writes.KEY));
    assertThat(claim(store, 1)).extracting(QueuedWrite::id).containsExactly(id);
  }

  @Test
  void inspectionReadsBesideARunningStore() {
    String id = accept(store, Writes.put("/a", "1"));
    try (StoreInspection inspection = SqliteStore.inspect(Writes.config(file))) {
      assertThat(inspection.list(Set.of(WriteState.QUEUED), 5))
          .singleElement()
          .satisfies(write -> assertThat(write.request().body()).isEmpty());
      assertThat(inspection.find(id)).isPresent();
      assertThat(inspection.counts()).containsEntry(WriteState.QUEUED, 1L);
      assertThat(inspection.verify()).isNull();
    }
    assertThat(now(store.list(WriteState.ACTIVE, 5))).hasSize(1);
  }

  @Test
  void aClosedStoreRefuses() {
    store.close();
    assertThatThrownBy(() -> accept(store, Writes.put("/a", "1")))
        .isInstanceOf(StoreRefused.class)
        .hasMessageContaining("closed");
  }
}
