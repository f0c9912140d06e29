package dev.sluice.fallback.store;

import dev.sluice.fallback.queue.StoreRefused;
import dev.sluice.fallback.queue.StoreRefused.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes the file. Each transaction takes all that arrived while the last one
 * was synced; its futures complete after the sync. After the first failure, an Error included,
 * nothing is tried again on this file handle and nothing is acknowledged. The thread is never
 * interrupted.
 */
final class Committer {
  private static final Logger log = LoggerFactory.getLogger(Committer.class);
  private static final int MAX_PENDING = 16_384;
  private static final long MAX_PENDING_BYTES = 64L << 20;
  private static final int MAX_BATCH = 1024;
  private static final long CLOSE_SECONDS = 10;
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Path file;
  private final Connection connection;
  private final Tables transaction;
  private final Session session;
  private final HighWater highWater;
  private final Executor acknowledgements;
  private final Queue<Task<?>> pending = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong pendingBytes = new AtomicLong();
  private final Thread thread;
  private final String lastWords;
  private volatile @Nullable String failure;
  private volatile @Nullable Chore chore;
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
    this.transaction = new Tables(connection);
    this.session = session;
    this.highWater = highWater;
    this.acknowledgements = acknowledgements;
    this.thread = new Thread(this::work, "sluice-store-writer");
    thread.setDaemon(true);
    this.lastWords = "The store " + file + " failed and takes no more writes. Restart.";
  }

  /** A change; a {@link StoreRefused} from it must come before it has changed anything. */
  interface Change<T> {
    T apply(Session session) throws SQLException;
  }

  /** What may be done between two transactions. */
  interface Chore {
    void on(Connection connection) throws SQLException;
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
    if (waiting.incrementAndGet() > MAX_PENDING
        || pendingBytes.addAndGet(bytes) > MAX_PENDING_BYTES) {
      taken(bytes);
      future.completeExceptionally(
          new StoreRefused(Reason.FULL, "too many writes wait for the disk"));
      return future;
    }
    pending.add(new Task<>(change, future, bytes));
    LockSupport.unpark(thread);
    if (closed) {
      refuseRest();
    }
    return future;
  }

  private void taken(long bytes) {
    waiting.decrementAndGet();
    pendingBytes.addAndGet(-bytes);
  }

  private boolean healthyAndOpen(CompletableFuture<?> future) {
    String broken = failure();
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
        if (Thread.interrupted()) {
          log.warn("The store's writer was interrupted and goes on");
        }
        if (gather(batch)) {
          commit(batch);
        }
        tidy();
      } catch (Throwable e) { // an Error too: a writer that died in silence would look healthy
        fail(e);
        refuse(batch);
      }
      batch.clear();
    }
  }

  private void tidy() {
    Chore due = chore;
    chore = null;
    if (due != null && failure == null) {
      try {
        due.on(connection);
      } catch (SQLException e) {
        log.warn("The store {} could not be tidied up: {}", file, e.toString());
      }
    }
  }

  /** Has something done soon, between two transactions; one thing at a time. */
  void between(Chore next) {
    chore = next;
  }

  private boolean gather(List<Task<?>> batch) {
    if (pending.isEmpty()) {
      LockSupport.parkNanos(IDLE_NANOS);
    }
    while (batch.size() < MAX_BATCH) {
      Task<?> next = pending.poll();
      if (next == null) {
        break;
      }
      taken(next.bytes());
      batch.add(next);
    }
    return !batch.isEmpty();
  }

  private void commit(List<Task<?>> batch) throws SQLException, IOException {
    if (failure != null) {
      refuse(batch);
      return;
    }
    List<Runnable> answers = new ArrayList<>(batch.size());
    run(batch, answers);
    acknowledgements.execute(() -> answers.forEach(Committer::tell));
  }

  /** What one caller's continuation throws must not keep the others waiting. */
  private static void tell(Runnable answer) {
    try {
      answer.run();
    } catch (Throwable e) {
      log.error("What was to follow a commit failed", e);
    }
  }

  private void refuse(List<Task<?>> batch) {
    StoreRefused refused = new StoreRefused(Reason.UNHEALTHY, String.valueOf(failure));
    List<Task<?>> tasks = List.copyOf(batch);
    Runnable answers =
        () -> tasks.forEach(task -> tell(() -> task.future().completeExceptionally(refused)));
    try {
      acknowledgements.execute(answers);
    } catch (RuntimeException | Error e) {
      answers.run();
    }
  }

  private void run(List<Task<?>> batch, List<Runnable> answers) throws SQLException, IOException {
    transaction.run("BEGIN IMMEDIATE");
    session.begin();
    for (Task<?> task : batch) {
      answers.add(task.apply(session));
    }
    if (session.changed()) {
      HighWater.Mark mark = session.mark();
      transaction.run("COMMIT");
      transactions = mark.commits();
      highWater.write(mark);
      session.index().publish();
    } else {
      transaction.run("ROLLBACK");
    }
  }

  /** Stops acknowledging for good; the first reason stays. */
  void fail(Trouble trouble) {
    if (failure == null) {
      failure =
          "The store "
              + file
              + " failed and takes no more writes: "
              + trouble.problem()
              + ". "
              + trouble.wayOut()
              + ".";
      log.error(failure);
    }
  }

  /** Finding words may need the memory that ran out: then the prepared ones must do. */
  private void fail(Throwable error) {
    try {
      fail(Trouble.of(error));
    } catch (Throwable worse) {
      failure = failure == null ? lastWords : failure;
    }
  }

  /** Why nothing is acknowledged any more; null while all is well. */
  @Nullable String failure() {
    boolean died = !closing && thread.getState() == Thread.State.TERMINATED;
    return failure == null && died ? lastWords : failure;
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
