package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Writes.OnDead;
import dev.sluice.fallback.queue.Completion;
import dev.sluice.fallback.queue.Ending;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the later writes of a resource when one of them ends badly. */
class HeldKeysTest {
  @TempDir Path folder;
  private Instant time = Writes.START;
  private SqliteStore store;
  private String first;
  private String second;

  @BeforeEach
  void open() {
    store = SqliteStore.open(Writes.config(folder.resolve("sluice.db")), () -> time);
    first = Writes.accept(store, Writes.put("/a", "one"));
    second = Writes.accept(store, Writes.put("/a", "two"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private List<QueuedWrite> end(Completion completion) {
    QueuedWrite claimed = Writes.claim(store, 1).get(0);
    assertThat(claimed.id()).isEqualTo(first);
    Ending ending = now(store.complete(first, claimed.epoch(), completion));
    assertThat(ending.current()).isTrue();
    return ending.behind();
  }

  private WriteState state(String id) {
    return now(store.find(id)).orElseThrow().state();
  }

  @Test
  void usuallyTheyGoOn() {
    end(Completion.dead("503", null).then(OnDead.CONTINUE));
    assertThat(Writes.claim(store, 9)).extracting(QueuedWrite::id).containsExactly(second);
  }

  @Test
  void parkedTheyWaitForAnOperatorAlsoOverARestart() {
    end(Completion.ambiguous("no outcome").then(OnDead.PARK));
    assertThat(Writes.claim(store, 9)).isEmpty();
    store.close();
    store = SqliteStore.open(Writes.config(folder.resolve("sluice.db")), () -> time);
    assertThat(Writes.claim(store, 9)).isEmpty();
    assertThat(state(first)).isEqualTo(WriteState.AMBIGUOUS);
    assertThat(now(store.discard(first))).isTrue();
    assertThat(state(first)).isEqualTo(WriteState.AMBIGUOUS);
    assertThat(now(store.discard(first))).isFalse();
    assertThat(Writes.claim(store, 9)).extracting(QueuedWrite::id).containsExactly(second);
  }

  @Test
  void aParkedWriteThatIsPutBackGoesFirstAgain() {
    end(Completion.dead("503", null).then(OnDead.PARK));
    assertThat(now(store.requeue(first, Duration.ofHours(1)))).isTrue();
    assertThat(Writes.claim(store, 9)).extracting(QueuedWrite::id).containsExactly(first);
  }

  @Test
  void aResourceIsHeldUpAlthoughNothingOfItWaits() {
    assertThat(now(store.cancel(second))).isTrue();
    end(Completion.dead("503", null).then(OnDead.PARK));
    assertThat(store.backlog("/a")).isTrue();
    assertThat(store.anyBacklog()).isTrue();
    time = time.plus(Duration.ofDays(9));
    assertThat(now(store.purge(time))).as("the cancelled one alone").isEqualTo(1);
    assertThat(now(store.discard(first))).isTrue();
    assertThat(store.backlog("/a")).isFalse();
    assertThat(store.anyBacklog()).isFalse();
    assertThat(now(store.purge(time))).isEqualTo(1);
  }

  @Test
  void dependentsFailWithIt() {
    String other = Writes.accept(store, Writes.put("/b", "three"));
    List<QueuedWrite> behind = end(Completion.dead("503", null).then(OnDead.FAIL_DEPENDENTS));
    assertThat(behind).extracting(QueuedWrite::id).containsExactly(second);
    assertThat(behind.get(0).lastError()).contains(first);
    assertThat(behind.get(0).request().target()).isEqualTo("/a");
    assertThat(state(second)).isEqualTo(WriteState.FAILED);
    assertThat(now(store.find(second)).orElseThrow().lastError()).contains(first);
    assertThat(state(other)).isEqualTo(WriteState.QUEUED);
    assertThat(store.backlog("/a")).isFalse();
  }

  @Test
  void aRefusalOfTheBackendHoldsUpNothing() {
    end(new Completion(WriteState.FAILED, null, "412").then(OnDead.FAIL_DEPENDENTS));
    assertThat(state(second)).isEqualTo(WriteState.QUEUED);
  }
}
