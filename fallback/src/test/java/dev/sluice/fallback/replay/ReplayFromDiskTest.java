package dev.sluice.fallback.replay;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.Store;
import dev.sluice.config.Writes;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.store.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The replay over the store that is really used, with its threads. */
class ReplayFromDiskTest {
  @TempDir private Path folder;

  private SqliteStore open() {
    String file = folder.resolve("sluice.db").toString();
    Store config = new Store(file, null, 10_000, 64L << 20, Duration.ofHours(1));
    return SqliteStore.open(config, InstantSource.system());
  }

  private static Replayer replayer(SqliteStore store, Sender sender) {
    return replayer(store, sender, Sent.PLAIN, ReplayListener.NONE);
  }

  private static Replayer replayer(
      SqliteStore store, Sender sender, Writes options, ReplayListener listener) {
    return new Replayer(
        store,
        sender,
        route -> true,
        Map.of(Sent.ROUTE, options)::get,
        InstantSource.system(),
        new Random(3),
        listener,
        Stage.PACE,
        Schedulers.newSingle("replay-test", true));
  }

  private static QueuedWrite get(SqliteStore store, String id) {
    return store.find(id).orTimeout(10, SECONDS).join().orElseThrow();
  }

  private static String add(SqliteStore store, NewWrite write) {
    return store.accept(write).orTimeout(10, SECONDS).join().id();
  }

  @Test
  void everyWriteIsSentOnceAndEachKeyInOrder() {
    ConcurrentLinkedQueue<QueuedWrite> sent = new ConcurrentLinkedQueue<>();
    Sender sender =
        (write, within) -> {
          sent.add(write);
          return Mono.delay(Duration.ofMillis(2)).thenReturn(Sent.answer(200));
        };
    try (SqliteStore store = open();
        Replayer replayer = replayer(store, sender)) {
      List<String> ids =
          IntStream.range(0, 120).mapToObj(i -> add(store, Sent.put("/" + i % 12))).toList();
      replayer.start();
      await().atMost(Duration.ofSeconds(30)).until(() -> !store.anyBacklog());

      assertThat(sent).extracting(QueuedWrite::id).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(store.counts()).containsEntry(WriteState.SUCCEEDED, 120L);
      for (int key = 0; key < 12; key++) {
        String path = "/" + key;
        assertThat(sent)
            .filteredOn(write -> write.request().target().equals(path))
            .extracting(QueuedWrite::sequence)
            .isSorted();
      }
    }
  }

  @Test
  void writesThatEndWithAnEarlierOneAreTold() {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    ReplayListener listener =
        new ReplayListener() {
          @Override
          public void ended(QueuedWrite write, Completion completion) {
            told.add(write.id() + " " + completion.state());
          }

          @Override
          public void endedUnsent(QueuedWrite write) {
            told.add(write.id() + " " + write.state() + " unsent, " + write.request().target());
          }
        };
    Writes options = Sent.options(false, Writes.OnDead.FAIL_DEPENDENTS);
    Sender refusing = (write, within) -> Mono.just(new ReplayOutcome.Ambiguous("reset"));
    NewWrite post =
        new NewWrite(
            Sent.ROUTE,
            "POST",
            "/orders",
            "shop.example",
            List.of(),
            new byte[0],
            "/orders",
            null,
            "print",
            "somebody",
            Duration.ofHours(1));
    try (SqliteStore store = open();
        Replayer replayer = replayer(store, refusing, options, listener)) {
      String first = add(store, post);
      String second = add(store, post);
      String third = add(store, Sent.put("/other"));
      replayer.start();
      await().until(() -> told.size() == 2);
      assertThat(told).containsExactly(first + " AMBIGUOUS", second + " FAILED unsent, /orders");
      assertThat(get(store, third).state().terminal()).isFalse();
    }
  }

  @Test
  void whatWasInFlightAtTheStopIsJudgedAfterTheNextStart() {
    ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    Sender silent =
        (write, within) -> {
          sent.add(write.id());
          return Mono.never();
        };
    String put;
    String post;
    try (SqliteStore store = open();
        Replayer replayer = replayer(store, silent)) {
      put = add(store, Sent.put("/a"));
      replayer.start();
      await().until(() -> sent.contains(put));
    }
    sent.clear();
    try (SqliteStore store = open();
        Replayer replayer = replayer(store, silent)) {
      assertThat(get(store, put).interrupted()).isTrue();
      post = add(store, Sent.post(null));
      replayer.start();
      await().until(() -> sent.contains(put));
    }
    sent.clear();
    try (SqliteStore store = open();
        Replayer replayer = replayer(store, (write, within) -> Mono.just(Sent.answer(200)))) {
      replayer.start();
      await().until(() -> !store.anyBacklog());

      assertThat(get(store, put).state()).isEqualTo(WriteState.SUCCEEDED);
      assertThat(get(store, post).state()).isEqualTo(WriteState.SUCCEEDED);
    }
  }

  @Test
  void aPostThatWasInFlightAtTheStopIsNotSentAgain() {
    ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    Sender silent =
        (write, within) -> {
          sent.add(write.id());
          return Mono.never();
        };
    String post;
    try (SqliteStore store = open();
        Replayer replayer = replayer(store, silent)) {
      post = add(store, Sent.post("key"));
      replayer.start();
      await().until(() -> sent.contains(post));
    }
    try (SqliteStore store = open();
        Replayer replayer = replayer(store, silent)) {
      replayer.start();
      await().until(() -> !store.anyBacklog());

      assertThat(get(store, post).state()).isEqualTo(WriteState.AMBIGUOUS);
      assertThat(sent).containsExactly(post);
    }
  }

  @Test
  void closingWaitsForAnAttemptThatEndsInTime() {
    ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    Sender sender =
        (write, within) -> {
          sent.add(write.id());
          return Mono.delay(Duration.ofMillis(500)).thenReturn(Sent.answer(201));
        };
    Pace patient =
        new Pace(
            10,
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            16,
            32,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20));
    try (SqliteStore store = open()) {
      String id = add(store, Sent.put("/a"));
      Replayer replayer =
          new Replayer(
              store,
              sender,
              route -> true,
              route -> Sent.PLAIN,
              InstantSource.system(),
              new Random(3),
              ReplayListener.NONE,
              patient,
              Schedulers.newSingle("replay-test", true));
      replayer.start();
      await().until(() -> sent.contains(id));
      replayer.close();

      assertThat(get(store, id).state()).isEqualTo(WriteState.SUCCEEDED);
    }
  }
}
