package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.StoreRefused.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes the file. Each transaction takes all that arrived while the last one
 * was synced; its futures complete after the sync. After the first failure nothing is tried again
 * on this file handle and nothing is acknowledged. The thread is never interrupted.
 */
final class Committer {
  private static final Logger log = LoggerFactory.getLogger(Committer.class);
  private static final int MAX_PENDING = 16_384;
  private static final long MAX_PENDING_BYTES = 64L << 20;
  private static final int MAX_BATCH = 1024;
  private static final long CLOSE_SECONDS = 10;

  private final Path file;
  private final Connection connection;
  private final Session session;
  private final HighWater highWater;
  private final Executor acknowledgements;
  private final BlockingQueue<Task<?>> pending = new ArrayBlockingQueue<>(MAX_PENDING);
  private final AtomicLong pendingBytes = new AtomicLong();
  private final Thread thread;
  private volatile @Nullable String failure;
  private volatile boolean closing;
  private volatile boolean closed;
  private volatile long transactions;

  Committer(
      Path file,
      Connection connection,
      Session session,
      HighWater highWater,
      Executor acknowledgements) {
    this.file = file;
    this.connection = connection;
    this.session = session;
    this.highWater = highWater;
    this.acknowledgements = acknowledgements;
    this.thread = new Thread(this::work, "sluice-store-writer");
    thread.setDaemon(true);
  }

  /** A change; a {@link StoreRefused} from it must come before it has changed anything. */
  interface Change<T> {
    T apply(Session session) throws SQLException;
  }

  private record Task<T>(Change<T> change, CompletableFuture<T> future, long bytes) {
    Runnable apply(Session session) throws SQLException {
      try {
        T value = change.apply(session);
        return () -> future.complete(value);
      } catch (StoreRefused e) {
        return () -> future.completeExceptionally(e);
      }
    }
  }

  void start() {
    thread.start();
  }

  /** Queues a change; never blocks. */
  <T> CompletableFuture<T> submit(long bytes, Change<T> change) {
    CompletableFuture<T> future = new CompletableFuture<>();
    if (!healthyAndOpen(future)) {
      return future;
    }
    if (pendingBytes.addAndGet(bytes) > MAX_PENDING_BYTES
        || !pending.offer(new Task<>(change, future, bytes))) {
      pendingBytes.addAndGet(-bytes);
      future.completeExceptionally(
          new StoreRefused(Reason.FULL, "too many writes wait for the disk"));
    } else if (closed) {
      refuseRest();
    }
    return future;
  }

  private boolean healthyAndOpen(CompletableFuture<?> future) {
    String broken = failure;
    if (broken != null) {
      future.completeExceptionally(new StoreRefused(Reason.UNHEALTHY, broken));
    } else if (closing) {
      future.completeExceptionally(new StoreRefused(Reason.CLOSED, "the store is closed"));
    }
    return !future.isDone();
  }

  private void work() {
    List<Task<?>> batch = new ArrayList<>();
    while (!(closing && pending.isEmpty())) {
      try {
        Task<?> first = pending.poll(50, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          pending.drainTo(batch, MAX_BATCH - 1);
          commit(batch);
          batch.clear();
        }
      } catch (InterruptedException e) {
        log.warn("The store's writer was interrupted and goes on", e);
      }
    }
  }

  private void commit(List<Task<?>> batch) {
    batch.forEach(task -> pendingBytes.addAndGet(-task.bytes()));
    List<Runnable> answers = new ArrayList<>(batch.size());
    try {
      if (failure == null) {
        run(batch, answers);
      }
    } catch (SQLException | IOException | RuntimeException e) {
      fail(e.getMessage() == null ? e.toString() : e.getMessage());
      answers.clear();
    }
    String broken = failure;
    if (broken != null && answers.isEmpty()) {
      StoreRefused refused = new StoreRefused(Reason.UNHEALTHY, broken);
      batch.forEach(task -> answers.add(() -> task.future().completeExceptionally(refused)));
    }
    acknowledgements.execute(() -> answers.forEach(Runnable::run));
  }

  private void run(List<Task<?>> batch, List<Runnable> answers) throws SQLException, IOException {
    execute("BEGIN IMMEDIATE");
    for (Task<?> task : batch) {
      answers.add(task.apply(session));
    }
    if (session.changed()) {
      HighWater.Mark mark = session.mark();
      execute("COMMIT");
      transactions = mark.commits();
      highWater.write(mark);
      session.index().publish();
    } else {
      execute("ROLLBACK");
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Stops acknowledging for good; the first reason stays. */
  void fail(String problem) {
    if (failure == null) {
      failure =
          "The store "
              + file
              + " failed and takes no more writes: "
              + problem
              + ". Free or repair its disk, run 'sluice queue verify', then restart.";
      log.error(failure);
    }
  }

  /** Why nothing is acknowledged any more; null while all is well. */
  @Nullable String failure() {
    return failure;
  }

  /** Commits since the file was made. */
  long transactions() {
    return transactions;
  }

  private void refuseRest() {
    for (Task<?> task = pending.poll(); task != null; task = pending.poll()) {
      task.future().completeExceptionally(new StoreRefused(Reason.CLOSED, "the store is closed"));
    }
  }

  /** Commits what was submitted; false when that took too long. */
  boolean close() {
    closing = true;
    boolean interrupted = false;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    closed = true;
    refuseRest();
    return !thread.isAlive();
  }
}
