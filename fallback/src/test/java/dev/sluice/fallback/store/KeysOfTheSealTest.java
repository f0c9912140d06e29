package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Secret;
import dev.sluice.config.Store;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change of the key, with the old one at hand and without. */
class KeysOfTheSealTest {
  @TempDir Path folder;

  private Store store(String key, String... old) {
    return new Store(
        folder.resolve("sluice.db").toString(),
        null,
        key == null ? null : new Secret(key),
        List.of(old).stream().map(Secret::new).toList(),
        1000,
        1 << 20,
        80,
        Duration.ofHours(1),
        null,
        false,
        false);
  }

  private SqliteStore open(Store config) {
    return SqliteStore.open(config, () -> Writes.START);
  }

  @Test
  void theOldKeyOpensAndTheNewOneSeals() {
    String ended;
    String waits;
    try (SqliteStore before = open(store(Writes.KEY))) {
      ended = Writes.accept(before, Writes.put("/a", "old body"));
      QueuedWrite claimed = Writes.claim(before, 1).get(0);
      now(before.complete(ended, claimed.epoch(), Writes.done()));
      waits = Writes.accept(before, Writes.put("/b", "old waiting body"));
    }
    assertThatThrownBy(() -> open(store(Writes.OTHER_KEY)))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("store.old-keys");
    try (SqliteStore after = open(store(Writes.OTHER_KEY, Writes.KEY))) {
      Writes.accept(after, Writes.put("/c", "new body"));
      QueuedWrite claimed = Writes.claim(after, 1).get(0);
      assertThat(claimed.id()).isEqualTo(waits);
      assertThat(new String(claimed.request().body(), StandardCharsets.UTF_8))
          .isEqualTo("old waiting body");
      now(after.complete(waits, claimed.epoch(), Writes.done()));
      assertThat(now(after.rekey())).isEqualTo(2);
      assertThat(now(after.rekey())).isZero();
      assertThat(now(after.find(ended)).orElseThrow().answer().status()).isEqualTo(201);
    }
    try (SqliteStore last = open(store(Writes.OTHER_KEY))) {
      assertThat(now(last.find(waits)).orElseThrow().state()).isEqualTo(WriteState.SUCCEEDED);
      assertThat(Writes.claim(last, 9)).hasSize(1);
    }
  }

  @Test
  void whatLayInTheClearIsSealed() throws Exception {
    try (SqliteStore clear = open(store(null))) {
      Writes.accept(clear, Writes.put("/a", "a body in the clear"));
    }
    try (SqliteStore sealed = open(store(Writes.KEY))) {
      assertThat(now(sealed.rekey())).isEqualTo(1);
      assertThat(Writes.claim(sealed, 1)).hasSize(1);
    }
    byte[] file = Files.readAllBytes(folder.resolve("sluice.db"));
    assertThat(new String(file, StandardCharsets.ISO_8859_1)).doesNotContain("a body in the clear");
  }
}
