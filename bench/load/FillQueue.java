import dev.sluice.config.Secret;
import dev.sluice.config.Store;
import dev.sluice.fallback.queue.NewWrite;
import dev.sluice.fallback.store.SqliteStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** Arguments: file, key, records. Fills a store with waiting writes of one KiB. */
public final class FillQueue {
  public static void main(String[] args) throws Exception {
    Store config =
        new Store(args[0], new Secret(args[1]), 100_000_000, 1L << 40, Duration.ofHours(24));
    int records = Integer.parseInt(args[2]);
    byte[] body = new byte[1024];
    Semaphore permits = new Semaphore(4096);
    try (SqliteStore store = SqliteStore.open(config, InstantSource.system())) {
      CompletableFuture<?> last = CompletableFuture.completedFuture(null);
      for (int i = 0; i < records; i++) {
        permits.acquire();
        last =
            store
                .accept(
                    new NewWrite(
                        "held",
                        "POST",
                        "/held/" + i,
                        "bench",
                        List.of(),
                        body,
                        null,
                        null,
                        "f",
                        "p",
                        Duration.ofHours(20)))
                .whenComplete((accepted, failure) -> permits.release());
      }
      last.join();
    }
  }
}
