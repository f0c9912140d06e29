package dev.sluice.fallback.store;

import dev.sluice.fallback.cache.CopyStore;
import dev.sluice.fallback.cache.Moment;
import dev.sluice.fallback.store.CopyCodec.Kept;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

/** Where copies lie beyond the process. Used by one thread, which it may hold up. */
interface CopyMedium extends AutoCloseable {
  /** Hands over what earlier runs and others have kept, the newest first; called once, first. */
  void each(long oldestMillis, Consumer<Kept> take) throws SQLException;

  /**
   * Keeps a copy in place of the one before it.
   *
   * @param heard what {@link #heard} said when it was stored in memory
   */
  void put(Kept kept, long heard) throws SQLException;

  void drop(Voided gone) throws SQLException;

  void clear() throws SQLException;

  /** Ends a batch; what is too old goes, and the oldest where there is too much. */
  void commit(long oldestMillis) throws SQLException;

  /** How long it is left alone at most. */
  Duration every();

  /** How long it is left alone at least. */
  default Duration rest() {
    return Duration.ZERO;
  }

  /** Up to which of the others' changes the copies in memory are right; from any thread. */
  default long heard() {
    return 0;
  }

  /**
   * Tells the copies in memory what others have kept and made void since the last time.
   *
   * @param asOf taken before the last batch was
   */
  default void hear(CopyStore copies, Moment asOf) {}

  @Override
  void close() throws SQLException;
}
