package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Writes.Quota;
import dev.sluice.fallback.queue.Allowance;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.StoreRefused.Reason;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of the queue one principal, and routes that are not essential, may fill. */
class AdmissionBoundsTest {
  private static final Allowance TWO = new Allowance(true, new Quota(2, 1 << 20));

  @TempDir Path folder;
  private SqliteStore store;

  @BeforeEach
  void open() {
    store = SqliteStore.open(Writes.config(folder.resolve("sluice.db")), () -> Writes.START);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void refused(NewWrite write, Allowance allowance, Reason reason) {
    assertThatThrownBy(() -> now(store.accept(write, allowance)))
        .isInstanceOfSatisfying(StoreRefused.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void onePrincipalFillsItsQuotaAndNoMore() {
    now(store.accept(Writes.put("/a", "1"), TWO));
    now(store.accept(Writes.put("/b", "2"), TWO));
    refused(Writes.put("/c", "3"), TWO, Reason.QUOTA);
    now(store.accept(Writes.of("another", Writes.put("/c", "3")), TWO));
    QueuedWrite claimed = Writes.claim(store, 1).get(0);
    refused(Writes.put("/c", "3"), TWO, Reason.QUOTA);
    now(store.complete(claimed.id(), claimed.epoch(), Writes.done()));
    now(store.accept(Writes.put("/c", "3"), TWO));
  }

  @Test
  void bytesCountAsWell() {
    Allowance little = new Allowance(true, new Quota(100, 2000));
    now(store.accept(Writes.put("/a", "x".repeat(1500)), little));
    refused(Writes.put("/b", "x".repeat(1500)), little, Reason.QUOTA);
  }

  @Test
  void theQuotaHoldsOverARestart() {
    now(store.accept(Writes.put("/a", "1"), TWO));
    now(store.accept(Writes.put("/b", "2"), TWO));
    store.close();
    open();
    refused(Writes.put("/c", "3"), TWO, Reason.QUOTA);
  }

  @Test
  void aboveTheHighWaterMarkEssentialWritesAloneAreTaken() {
    store.close();
    store =
        SqliteStore.open(
            new dev.sluice.config.Store(
                folder.resolve("few.db").toString(), null, 10, 1 << 20, Duration.ofHours(1)),
            () -> Writes.START);
    Allowance ordinary = new Allowance(false, null);
    for (int i = 0; i < 8; i++) {
      now(store.accept(Writes.put("/a" + i, "x"), ordinary));
    }
    refused(Writes.put("/a8", "x"), ordinary, Reason.FULL);
    now(store.accept(Writes.put("/a8", "x"), Allowance.WHOLE));
    now(store.accept(Writes.put("/a9", "x"), Allowance.WHOLE));
    refused(Writes.put("/a10", "x"), Allowance.WHOLE, Reason.FULL);
  }
}
