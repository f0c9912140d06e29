package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.START;
import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Writes.OnDead;
import dev.sluice.fallback.queue.Admission.Accepted;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.Ending;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.WriteState;
import dev.sluice.fallback.queue.WriteStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Seeded random operations on a store and on an oracle that keeps lists in memory: the contract
 * that both engines hold.
 */
abstract class StoreModel {

  Instant time = START;
  private Random random;
  private WriteStore store;
  private Oracle oracle;

  /** A store that keeps what the one before it kept. */
  abstract WriteStore opened();

  int steps() {
    return 250;
  }

  /** Whatever is known from memory is known now. */
  void settle(WriteStore open) {}

  /** Whether a client's key is not known any more as soon as its record is purged. */
  boolean forgetsKeysAtOnce() {
    return true;
  }

  /** The process died, and what it had in flight waits again by now. */
  void recover(WriteStore open) {}

  static List<Long> seeds() {
    Random fresh = new Random();
    return List.of(1L, 2L, 3L, fresh.nextLong(), fresh.nextLong());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithTheOracle(long seed) {
    random = new Random(seed);
    oracle = new Oracle();
    store = opened();
    try {
      for (int step = 0; step < steps(); step++) {
        String what = step();
        settle(store);
        assertThat(now(store.list(java.util.EnumSet.allOf(WriteState.class), 10_000)))
            .as("seed %d, step %d: %s", seed, step, what)
            .extracting(Oracle::line)
            .isEqualTo(oracle.lines());
        assertThat(store.counts())
            .as("seed %d, step %d: %s", seed, step, what)
            .isEqualTo(oracle.counts());
        for (int key = 0; key < 4; key++) {
          assertThat(store.backlog("/k" + key))
              .as("seed %d, step %d: backlog of %d after %s", seed, step, key, what)
              .isEqualTo(oracle.backlog("/k" + key));
        }
      }
    } finally {
      store.close();
    }
  }

  private String step() {
    time = time.plusSeconds(random.nextInt(20));
    int dice = random.nextInt(100);
    if (dice < 30) {
      return accept();
    } else if (dice < 50) {
      return claim();
    } else if (dice < 80) {
      return finish();
    } else if (dice < 84) {
      return cancel();
    } else if (dice < 87) {
      return discard();
    } else if (dice < 91) {
      return requeue();
    } else if (dice < 94) {
      time = time.plusSeconds(random.nextInt(4000));
      assertThat(now(store.expire(time))).hasSize(oracle.expire(time));
      return "expire";
    } else if (dice < 97) {
      assertThat(now(store.purge(time))).isEqualTo(oracle.purge(time));
      return "purge";
    }
    store.close();
    store = opened();
    recover(store);
    oracle.restart(time);
    return "restart";
  }

  private String accept() {
    String key = random.nextInt(3) == 0 ? null : "/k" + random.nextInt(4);
    String client = random.nextInt(3) == 0 ? "c" + random.nextInt(6) : null;
    String body = random.nextInt(4) == 0 ? "another" : "b";
    String method = key == null ? "POST" : "PUT";
    NewWrite write = Writes.write(method, key == null ? "/p" : key, key, client, body);
    Oracle.Entry same = oracle.accepted(client);
    boolean known = store.knows("principal-1", "orders-write", String.valueOf(client));
    assertThat(known || same == null).isTrue();
    assertThat(known && same == null && forgetsKeysAtOnce()).isFalse();
    if (same == null) {
      oracle.accept(Writes.accept(store, write), key, client, write.fingerprint(), time);
    } else if (same.fingerprint.equals(write.fingerprint())) {
      assertThat(now(store.accept(write))).isEqualTo(new Accepted(same.id, true));
    } else {
      assertThatThrownBy(() -> now(store.accept(write))).isInstanceOf(StoreRefused.class);
    }
    return "accept " + key + " " + client;
  }

  private String claim() {
    int limit = 1 + random.nextInt(4);
    List<QueuedWrite> claimed = now(store.claim(limit, time, route -> true));
    assertThat(claimed).extracting(Oracle::line).isEqualTo(oracle.claim(limit, time));
    return "claim " + limit;
  }

  private String finish() {
    Oracle.Entry entry = oracle.any(random);
    if (entry == null) {
      return "nothing to finish";
    }
    long epoch = entry.epoch - (random.nextInt(6) == 0 ? 1 : 0);
    int way = random.nextInt(4);
    boolean expected = oracle.leased(entry, epoch);
    boolean done;
    if (way == 0) {
      Instant at = time.plusSeconds(random.nextInt(60));
      done = now(store.retryLater(entry.id, epoch, at, "503"));
      oracle.retry(entry, epoch, at);
    } else {
      WriteState end =
          List.of(WriteState.SUCCEEDED, WriteState.DEAD, WriteState.AMBIGUOUS).get(way - 1);
      OnDead then = List.of(OnDead.values()).get(random.nextInt(3));
      Completion completion = new Completion(end, null, "e").then(then);
      Ending ending = now(store.complete(entry.id, epoch, completion));
      done = ending.current();
      List<String> behind = oracle.complete(entry, epoch, end, completion.then(), time);
      assertThat(ending.behind())
          .extracting(QueuedWrite::id)
          .containsExactlyInAnyOrderElementsOf(behind);
      assertThat(ending.behind())
          .extracting(QueuedWrite::state)
          .allMatch(WriteState.FAILED::equals);
    }
    assertThat(done).isEqualTo(expected);
    return "finish " + way + " of " + entry.id;
  }

  private String cancel() {
    Oracle.Entry entry = oracle.any(random);
    if (entry != null) {
      assertThat(now(store.cancel(entry.id))).isEqualTo(oracle.cancel(entry, time));
    }
    return "cancel";
  }

  private String discard() {
    Oracle.Entry entry = oracle.any(random);
    if (entry != null) {
      assertThat(now(store.discard(entry.id))).isEqualTo(oracle.discard(entry, time));
    }
    return "discard";
  }

  private String requeue() {
    Oracle.Entry entry = oracle.any(random);
    if (entry != null) {
      Duration ttl = Duration.ofMinutes(30);
      assertThat(now(store.requeue(entry.id, ttl))).isEqualTo(oracle.requeue(entry, ttl, time));
    }
    return "requeue";
  }
}
