package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.WriteStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteModelTest extends StoreModel {
  @TempDir Path folder;

  @Override
  WriteStore opened() {
    return SqliteStore.open(Writes.config(folder.resolve("model.db")), () -> time);
  }
}
