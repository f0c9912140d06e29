package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.StoreRefused;
import java.nio.file.Path;
import java.time.InstantSource;

/** Writes one record after the other until the store fails; says what was acknowledged. */
final class WritesUntilRefused {
  private WritesUntilRefused() {}

  public static void main(String[] arguments) {
    try (SqliteStore store =
        SqliteStore.open(Writes.config(Path.of(arguments[0])), InstantSource.system())) {
      String body = "x".repeat(500_000);
      for (int i = 0; true; i++) {
        System.out.println("accepted " + Writes.accept(store, Writes.put("/a/" + i, body)));
      }
    } catch (StoreRefused e) {
      System.out.println(e.getMessage());
    }
  }
}
