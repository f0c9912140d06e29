package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientKeysTest {
  @TempDir Path folder;
  private Instant time = Writes.START;

  private static String tag(int number) {
    return Digests.tag(Digests.keyed(new byte[32]), "test", "" + number);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void holdsWhatASetHolds(long seed) {
    Random random = new Random(seed);
    ClientKeys keys = new ClientKeys();
    Set<String> expected = new HashSet<>();
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      tags.add(tag(i));
    }
    for (int step = 0; step < 60_000; step++) {
      String tag = tags.get(random.nextInt(tags.size()));
      if (random.nextInt(5) < 3) {
        keys.add(tag);
        expected.add(tag);
      } else {
        keys.remove(tag);
        expected.remove(tag);
      }
      String other = tags.get(random.nextInt(tags.size()));
      assertThat(keys.has(other))
          .as("seed %d, step %d", seed, step)
          .isEqualTo(expected.contains(other));
    }
    assertThat(keys.size()).isEqualTo(expected.size());
  }

  @Test
  void aKeyIsKnownUntilItsRecordIsPurged() {
    Path file = folder.resolve("sluice.db");
    try (SqliteStore store = SqliteStore.open(Writes.config(file), () -> time)) {
      String id = Writes.accept(store, Writes.post("k", "body"));
      assertThat(store.knows("principal-1", "orders-write", "k")).isTrue();
      assertThat(store.knows("principal-2", "orders-write", "k")).isFalse();
      assertThat(store.knows("principal-1", "another-route", "k")).isFalse();
      now(store.cancel(id));
      assertThat(store.knows("principal-1", "orders-write", "k")).isTrue();
    }
    try (SqliteStore store = SqliteStore.open(Writes.config(file), () -> time)) {
      assertThat(store.knows("principal-1", "orders-write", "k")).isTrue();
      time = time.plus(Duration.ofHours(2));
      assertThat(now(store.purge(time))).isEqualTo(1);
      assertThat(store.knows("principal-1", "orders-write", "k")).isFalse();
    }
  }

  @Test
  void theLastWaitingWriteOfAResourceIsToldToItsOwnerAlone() {
    Path file = folder.resolve("sluice.db");
    try (SqliteStore store = SqliteStore.open(Writes.config(file), () -> time)) {
      String first = Writes.accept(store, Writes.put("/a", "one"));
      assertThat(store.pending("/a", "principal-1")).isEqualTo(first);
      String second = Writes.accept(store, Writes.put("/a", "two"));
      Writes.claim(store, 1);
      assertThat(store.pending("/a", "principal-1")).isEqualTo(second);
      assertThat(store.pending("/a", "principal-2")).isNull();
      assertThat(store.pending("/b", "principal-1")).isNull();
    }
  }
}
