package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Store;
import dev.sluice.config.Writes.Quota;
import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.Allowance;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.StoreRefused.Reason;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.servers.PostgresServer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two gateways' stores on one real database. */
class SharedStoreTest {
  private static PostgresServer server;
  private final InstantSource clock = InstantSource.system();
  private SharedStore one;
  private SharedStore two;

  @BeforeAll
  static void start() throws IOException {
    server = PostgresServer.start("secret");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void open() {
    SharedStores.empty(server);
    one = SharedStores.open(server, clock);
    two = SharedStores.open(server, clock);
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private List<QueuedWrite> claim(SharedStore store, int limit) {
    return now(store.claim(limit, clock.instant(), route -> true));
  }

  private static void look(SharedStore store) {
    now(store.refreshAll().toFuture());
  }

  @Test
  void whatOneAcceptsTheOtherReleasesInOrder() {
    String first = Writes.accept(one, Writes.put("/a", "one"));
    String second = Writes.accept(two, Writes.put("/a", "two"));
    look(two);
    QueuedWrite claimed = claim(two, 9).get(0);
    assertThat(claimed.id()).isEqualTo(first);
    assertThat(claimed.request()).isEqualTo(Writes.put("/a", "one"));
    assertThat(claim(one, 9)).as("one of a key at once, over both").isEmpty();
    assertThat(now(two.complete(first, claimed.epoch(), Writes.done())).current()).isTrue();
    assertThat(claim(one, 9)).extracting(QueuedWrite::id).containsExactly(second);
    assertThat(now(one.find(first)).orElseThrow().answer()).isEqualTo(Writes.done().answer());
  }

  @Test
  void aLookThatBeganEarlierDoesNotHideWhatALaterOneSaw() {
    for (long accepted = 1; accepted <= 60; accepted++) {
      CompletableFuture<Boolean> earlier = one.refreshAll().toFuture();
      Writes.accept(one, Writes.post(null, "a write"));
      now(one.refreshAll().toFuture());
      now(earlier);
      assertThat(one.counts()).containsEntry(WriteState.QUEUED, accepted);
    }
  }

  @Test
  void anOutcomeUnderAStaleLeaseChangesNothing() {
    String id = Writes.accept(one, Writes.put("/a", "one"));
    QueuedWrite claimed = claim(one, 1).get(0);
    assertThat(one.leased(claimed)).as("it has just been claimed").isTrue();
    assertThat(two.leased(claimed)).as("it is the other's").isFalse();
    SharedStores.endLeases(server, clock.instant());
    now(two.reclaim(clock.instant()).toFuture());
    look(two);
    QueuedWrite again = claim(two, 1).get(0);
    assertThat(again.interrupted()).isTrue();
    assertThat(again.epoch()).isGreaterThan(claimed.epoch());
    assertThat(now(one.complete(id, claimed.epoch(), Writes.done())).current()).isFalse();
    assertThat(now(one.retryLater(id, claimed.epoch(), clock.instant(), "x"))).isFalse();
    assertThat(now(two.complete(id, again.epoch(), Writes.done())).current()).isTrue();
  }

  @Test
  void oneKeyIsOneRecordOverBoth() {
    Accepted first = now(one.accept(Writes.post("k", "body")));
    assertThat(now(two.accept(Writes.post("k", "body")))).isEqualTo(new Accepted(first.id(), true));
    assertThatThrownBy(() -> now(two.accept(Writes.post("k", "other"))))
        .isInstanceOfSatisfying(
            StoreRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.KEY_CONFLICT));
    look(two);
    assertThat(two.knows("principal-1", "orders-write", "k")).isTrue();
    assertThat(two.knows("principal-1", "orders-write", "l")).isFalse();
  }

  @Test
  void noOrderedWriteIsHeldBeforeTheOthersKnowThatTheRouteQueues() {
    try (SharedStore first = SharedStores.polite(server, clock);
        SharedStore second = SharedStores.polite(server, clock)) {
      await().until(() -> !second.queueing("orders-write"));
      assertThatThrownBy(() -> now(first.accept(Writes.put("/a", "one"))))
          .hasMessageContaining("the other gateways");
      now(first.accept(Writes.post(null, "what has no order is held at once")));
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                boolean known = second.queueing("orders-write");
                try {
                  Writes.accept(first, Writes.put("/a", "one"));
                  assertThat(known).as("it was known before it was held").isTrue();
                  return true;
                } catch (StoreRefused e) {
                  return false;
                }
              });
      await().until(() -> !second.queueing("another"));
    }
  }

  @Test
  void theQuotaIsOneForBoth() {
    Allowance two = new Allowance(true, new Quota(2, 1 << 20));
    now(one.accept(Writes.put("/a", "1"), two));
    now(this.two.accept(Writes.put("/b", "2"), two));
    assertThatThrownBy(() -> now(one.accept(Writes.put("/c", "3"), two)))
        .isInstanceOfSatisfying(
            StoreRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.QUOTA));
    now(one.accept(Writes.of("another", Writes.put("/c", "3")), two));
  }

  @Test
  void noMoreAreInFlightThanTheBudgetOverBoth() {
    for (int i = 0; i < 40; i++) {
      Writes.accept(one, Writes.put("/" + i, "x"));
    }
    look(two);
    Set<String> ids = new HashSet<>();
    claim(one, 10).forEach(write -> ids.add(write.id()));
    claim(two, 10).forEach(write -> ids.add(write.id()));
    claim(one, 10).forEach(write -> ids.add(write.id()));
    assertThat(ids).as("sixteen of one route, whoever asks").hasSize(16);
    assertThat(claim(two, 10)).isEmpty();
  }

  @Test
  void concurrentClaimsNeverShareARecordOrAKey() {
    for (int i = 0; i < 60; i++) {
      Writes.accept(one, Writes.put("/k" + i % 12, "x"));
    }
    look(two);
    List<CompletableFuture<List<QueuedWrite>>> claims = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      claims.add((i % 2 == 0 ? one : two).claim(4, clock.instant(), route -> true));
    }
    List<QueuedWrite> all = claims.stream().flatMap(claim -> now(claim).stream()).toList();
    assertThat(all).extracting(QueuedWrite::id).doesNotHaveDuplicates();
    assertThat(all).extracting(write -> write.request().orderingKey()).doesNotHaveDuplicates();
    assertThat(all).hasSize(12);
  }

  @Test
  void theOtherLearnsOfABacklogWithinTwoSeconds() {
    await().until(() -> !two.backlog("/a")); // a look that a busy machine delayed is none
    String id = Writes.accept(one, Writes.put("/a", "one"));
    assertThat(one.backlog("/a")).as("at once where it was accepted").isTrue();
    await().atMost(Duration.ofSeconds(2)).until(() -> two.backlog("/a"));
    assertThat(two.pending("/a", "principal-1")).isEqualTo(id);
    assertThat(two.pending("/a", "principal-2")).isNull();
    await().until(() -> !two.backlog("/b"));
  }

  @Test
  void withoutTheDatabaseNothingIsAcknowledgedAndAfterwardsAllIsThere() throws IOException {
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      kept.add(Writes.accept(one, Writes.put("/" + i, "x")));
    }
    server.kill();
    try {
      assertThatThrownBy(() -> now(one.accept(Writes.put("/late", "x"))))
          .isInstanceOfSatisfying(
              StoreRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNHEALTHY));
      await().atMost(Duration.ofSeconds(10)).until(() -> !one.healthy());
      assertThat(one.reason()).startsWith("The shared store").doesNotContain("secret");
      assertThat(one.backlog("/anything")).as("unknown counts as one").isTrue();
    } finally {
      server.restart();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> one.healthy() && two.healthy());
    assertThat(now(two.list(Set.of(WriteState.QUEUED), 100)))
        .extracting(QueuedWrite::id)
        .containsExactlyElementsOf(kept);
    Writes.accept(one, Writes.put("/again", "x"));
  }

  @Test
  void aDatabaseThatFellSilentIsGivenUpAndFoundAgain() throws IOException {
    Writes.accept(one, Writes.put("/a", "x"));
    server.freeze();
    try {
      assertThatThrownBy(() -> now(one.accept(Writes.put("/b", "x"))))
          .isInstanceOf(StoreRefused.class);
      await().atMost(Duration.ofSeconds(20)).until(() -> !one.healthy());
    } finally {
      server.resume();
    }
    await().atMost(Duration.ofSeconds(20)).until(one::healthy);
    Writes.accept(one, Writes.put("/c", "x"));
  }

  @Test
  void recordsAreSealedAndAnotherKeyIsRefused() {
    String id = Writes.accept(one, Writes.put("/a", "a secret body"));
    Store other = SharedStores.config(server.port(), Writes.OTHER_KEY);
    assertThatThrownBy(() -> SharedStore.open(other, clock, System::nanoTime, SharedStores.BUDGET))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("which is not at hand");
    assertThat(now(one.verify())).isEmpty();
    SharedStores.run(server, "UPDATE sluice_writes SET content = content || '\\x00'");
    assertThat(now(one.verify()).orElseThrow()).contains(id, "differs from its digest");
  }

  @Test
  void afterAChangeOfKeysTheOldOneBecomesSuperfluous() {
    String id = Writes.accept(one, Writes.put("/a", "old"));
    QueuedWrite claimed = claim(one, 1).get(0);
    now(one.complete(id, claimed.epoch(), Writes.done()));
    Store both = SharedStores.config(server.port(), Writes.OTHER_KEY, Writes.KEY);
    try (SharedStore next = SharedStore.open(both, clock, System::nanoTime, SharedStores.BUDGET)) {
      Writes.accept(next, Writes.put("/b", "new"));
      assertThat(now(next.rekey())).isEqualTo(1);
      assertThat(now(next.rekey())).isZero();
    }
    Store last = SharedStores.config(server.port(), Writes.OTHER_KEY);
    try (SharedStore alone = SharedStore.open(last, clock, System::nanoTime, SharedStores.BUDGET)) {
      assertThat(now(alone.find(id)).orElseThrow().answer()).isEqualTo(Writes.done().answer());
      assertThat(now(alone.verify())).isEmpty();
    }
    try (SharedStore back =
        SharedStore.open(
            SharedStores.config(server.port(), Writes.KEY, Writes.OTHER_KEY),
            clock,
            System::nanoTime,
            SharedStores.BUDGET)) {
      assertThat(now(back.rekey())).isEqualTo(2);
    }
  }

  @Test
  void whatCannotBeReachedIsSaidWithoutThePassword() {
    assertThatThrownBy(
            () ->
                SharedStore.open(
                    SharedStores.config(1), clock, System::nanoTime, SharedStores.BUDGET))
        .isInstanceOf(StoreUnreachable.class)
        .hasMessageContaining("127.0.0.1")
        .hasMessageNotContaining("secret");
  }

  @Test
  void notesAreSharedAndAHundredOfEachStay() {
    for (int i = 0; i < 103; i++) {
      now(one.journal().append("learnt", "db", "note " + i));
    }
    now(one.journal().append("learnt", "other", "x"));
    assertThat(now(two.journal().latest("learnt")))
        .containsEntry("db", "note 102")
        .containsEntry("other", "x");
    assertThat(now(two.journal().scan("learnt", "db", 1000))).hasSize(100);
  }
}
