package dev.sluice.fallback.store;

import dev.sluice.config.Store;
import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.WriteState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store's file, open for reading alone, for operators' commands: it blocks its caller and is used
 * by one thread. Every method throws {@link StoreUnusable} when the file is damaged or sealed with
 * a key that is not at hand.
 */
public final class StoreInspection implements AutoCloseable {
  private final Path file;
  private final Connection connection;
  private final Tables tables;
  private final Seal seal;

  private StoreInspection(Path file, Connection connection, Seal seal) {
    this.file = file;
    this.connection = connection;
    this.tables = new Tables(connection);
    this.seal = seal;
  }

  static StoreInspection open(Store config) {
    Path file = Path.of(config.path());
    if (!Files.exists(file)) {
      throw new StoreUnusable(file, "there is no such file", "Check store.path");
    }
    return guarded(
        file,
        () -> {
          StoreFile.demandDatabase(file);
          Connection connection = Connections.reading(file);
          try {
            StoreFile.demandOurs(file, connection);
            return new StoreInspection(file, connection, Seal.forStore(config));
          } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
          }
        });
  }

  private interface Look<T> {
    T take() throws Exception;
  }

  private static <T> T guarded(Path file, Look<T> look) {
    try {
      return look.take();
    } catch (StoreUnusable e) {
      throw e;
    } catch (DamagedRecord e) {
      throw new StoreUnusable(
          file, String.valueOf(e.getMessage()), "See 'sluice queue verify' and store.key", e);
    } catch (Exception | LinkageError e) {
      throw Trouble.of(e).unusable(file, e);
    }
  }

  /** The oldest writes in one of these states, without the bodies of requests. */
  public List<QueuedWrite> list(Set<WriteState> states, int limit) {
    return guarded(file, () -> Reader.list(tables, seal, states, limit));
  }

  public Optional<QueuedWrite> find(String id) {
    return guarded(
        file,
        () -> {
          Row row = tables.byId(id);
          return row == null
              ? Optional.<QueuedWrite>empty()
              : Optional.of(Session.whole(row, tables, seal));
        });
  }

  public Map<WriteState, Long> counts() {
    return guarded(file, tables::counts);
  }

  /** Reads everything and compares it with its digests; needs no key. Null when all is well. */
  public @Nullable String verify() {
    Trouble trouble = FileCheck.run(file, () -> false);
    return trouble == null ? highWater() : trouble.problem();
  }

  private @Nullable String highWater() {
    try {
      Tables.Meta meta = tables.meta();
      if (meta == null) {
        return "its counters are missing";
      }
      HighWater.Mark found = new HighWater.Mark(meta.sequence(), meta.commits());
      StoreFile.demandHighWater(file, HighWater.read(file), found);
      return null;
    } catch (StoreUnusable | IOException | SQLException e) {
      return e.getMessage();
    }
  }

  @Override
  public void close() {
    guarded(
        file,
        () -> {
          connection.close();
          return this;
        });
  }
}
