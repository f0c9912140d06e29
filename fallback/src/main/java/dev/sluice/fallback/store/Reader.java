package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.QueuedWrite;
import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.StoreRefused.Reason;
import dev.sluice.fallback.queue.WriteState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Reads on a thread and a connection of its own, each time from one snapshot of the file. */
final class Reader {
  private static final int MAX_PENDING = 1024;
  private static final long CLOSE_SECONDS = 5;

  private final Connection connection;
  private final Tables tables;
  private final Seal seal;
  private final Consumer<Trouble> damaged;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedTransferQueue<>(),
          work -> Threads.daemon(work, "sluice-store-reader"));

  /** The queue's bound: event loops ask, so the queue is one that takes no lock, and has none. */
  private final AtomicInteger pending = new AtomicInteger();

  Reader(Connection connection, Seal seal, Consumer<Trouble> damaged) {
    this.connection = connection;
    this.tables = new Tables(connection);
    this.seal = seal;
    this.damaged = damaged;
    thread.prestartAllCoreThreads(); // else whoever asks first would take a lock for it
  }

  private interface Query<T> {
    T run() throws SQLException;
  }

  /** A question about the tables. */
  interface Question<T> {
    T ask(Tables tables) throws SQLException;
  }

  <T> CompletableFuture<T> query(Question<T> question) {
    return submit(() -> question.ask(tables));
  }

  CompletableFuture<Optional<QueuedWrite>> find(String id) {
    return submit(
        () -> {
          Row row = tables.byId(id);
          return row == null ? Optional.empty() : Optional.of(Session.whole(row, tables, seal));
        });
  }

  CompletableFuture<List<QueuedWrite>> list(Set<WriteState> states, int limit) {
    return submit(() -> list(tables, seal, states, limit));
  }

  static List<QueuedWrite> list(Tables tables, Seal seal, Set<WriteState> states, int limit)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    for (WriteState state : states) {
      rows.addAll(tables.inState(state, 0, limit));
    }
    rows.sort(Comparator.comparingLong(Row::sequence));
    List<QueuedWrite> found = new ArrayList<>();
    for (Row row : rows.subList(0, Math.min(limit, rows.size()))) {
      found.add(Session.whole(row, tables, seal).withoutBody());
    }
    return found;
  }

  private <T> CompletableFuture<T> submit(Query<T> query) {
    CompletableFuture<T> future = new CompletableFuture<>();
    if (pending.incrementAndGet() > MAX_PENDING) {
      pending.decrementAndGet();
      future.completeExceptionally(
          new StoreRefused(Reason.FULL, "too many reads wait for the store"));
      return future;
    }
    try {
      thread.execute(
          () -> {
            pending.decrementAndGet();
            run(query, future);
          });
    } catch (RejectedExecutionException e) {
      pending.decrementAndGet();
      future.completeExceptionally(new StoreRefused(Reason.CLOSED, "the store is closed"));
    }
    return future;
  }

  private <T> void run(Query<T> query, CompletableFuture<T> future) {
    T value;
    try {
      connection.setAutoCommit(false);
      try {
        value = query.run();
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException | RuntimeException | Error e) {
      Trouble trouble = Trouble.of(e);
      if (trouble.kind() == Trouble.Kind.DAMAGED) {
        damaged.accept(trouble);
      }
      String problem = "a record could not be read: " + trouble.problem();
      future.completeExceptionally(new StoreRefused(Reason.UNHEALTHY, problem));
      return;
    }
    future.complete(value);
  }

  void close() throws SQLException {
    thread.shutdown();
    Threads.await(thread, CLOSE_SECONDS);
    connection.close();
  }
}
