package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.START;
import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Seeded random operations on the store and on an oracle that keeps lists in memory. */
class StoreModelTest {
  private static final int STEPS = 250;

  @TempDir Path folder;
  private Random random;
  private Instant time = START;
  private SqliteStore store;
  private Oracle oracle;

  static List<Long> seeds() {
    Random fresh = new Random();
    return List.of(1L, 2L, 3L, fresh.nextLong(), fresh.nextLong());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithTheOracle(long seed) {
    random = new Random(seed);
    oracle = new Oracle();
    open();
    try {
      for (int step = 0; step < STEPS; step++) {
        String what = step();
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

  private void open() {
    store = SqliteStore.open(Writes.config(folder.resolve("model.db")), () -> time);
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
    } else if (dice < 86) {
      return cancel();
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
    open();
    oracle.restart(time);
    return "restart";
  }

  private String accept() {
    String key = random.nextInt(3) == 0 ? null : "/k" + random.nextInt(4);
    String id =
        Writes.accept(
            store,
            Writes.write(key == null ? "POST" : "PUT", key == null ? "/p" : key, key, null, "b"));
    oracle.accept(id, key, time);
    return "accept " + key;
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
      done = now(store.complete(entry.id, epoch, new Completion(end, null, "e")));
      oracle.complete(entry, epoch, end, time);
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

  private String requeue() {
    Oracle.Entry entry = oracle.any(random);
    if (entry != null) {
      Duration ttl = Duration.ofMinutes(30);
      assertThat(now(store.requeue(entry.id, ttl))).isEqualTo(oracle.requeue(entry, ttl, time));
    }
    return "requeue";
  }
}
