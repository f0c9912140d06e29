package dev.sluice.fallback.store;

import java.nio.file.Path;
import java.time.InstantSource;

/** Opens a store twice and prints why it could not; a second try sees other errors of the JVM. */
final class OpensTwice {
  private OpensTwice() {}

  public static void main(String[] arguments) {
    for (int i = 0; i < 2; i++) {
      try {
        SqliteStore.open(Writes.config(Path.of(arguments[0])), InstantSource.system()).close();
        System.out.println("opened");
      } catch (StoreUnusable e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
