package dev.sluice.fallback.store;

import static dev.sluice.fallback.store.Writes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fallback.queue.StoreRefused;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitterTest {
  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicReference<Executor> answers = new AtomicReference<>(Runnable::run);
  private volatile boolean diskFails;
  @TempDir Path folder;
  private Connection real;
  private HighWater highWater;
  private Committer committer;
  private Session session;

  @BeforeEach
  void open() throws Exception {
    Path file = folder.resolve("sluice.db");
    real = Connections.writing(file);
    session = Opening.open(Seal.of(null), real, plenty(), null, 0).session();
    highWater = HighWater.open(file);
    committer =
        new Committer(file, failing(real), session, highWater, work -> answers.get().execute(work));
    committer.start();
  }

  @AfterEach
  void close() throws Exception {
    assertThat(committer.close()).isTrue();
    highWater.close();
    real.close();
  }

  private static Room plenty() {
    return new Room(() -> new Room.Level(Long.MAX_VALUE / 2, 0, 0));
  }

  /** Commits are counted, and fail before they are made while the disk does. */
  private Connection failing(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        arguments -> {},
        (arguments, answer) ->
            "COMMIT".equals(arguments[0])
                ? proxy(
                    PreparedStatement.class,
                    (PreparedStatement) answer,
                    any -> committing(),
                    (any, count) -> count)
                : answer);
  }

  private void committing() throws SQLException {
    commits.incrementAndGet();
    if (diskFails) {
      throw new SQLException("disk I/O error");
    }
  }

  private interface Before {
    void calling(Object[] arguments) throws SQLException;
  }

  private interface Answer {
    Object of(Object[] arguments, Object answer);
  }

  private static <T> T proxy(Class<T> type, T target, Before before, Answer answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object[] given = arguments == null ? new Object[] {""} : arguments;
              if (!method.getName().equals("close")) {
                before.calling(given);
              }
              try {
                return answers.of(given, method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private CompletableFuture<Long> write() {
    return committer.submit(
        10,
        session -> {
          Row row = RowTest.row(session.nextSequence());
          session.insert(row, RowTest.CONTENT);
          return row.sequence();
        });
  }

  @Test
  void acknowledgesNothingOnceACommitFailed() {
    assertThat(now(write())).isEqualTo(1L);
    diskFails = true;
    assertThatThrownBy(() -> now(write()))
        .isInstanceOfSatisfying(
            StoreRefused.class,
            e -> assertThat(e.reason()).isEqualTo(StoreRefused.Reason.UNHEALTHY))
        .hasMessageContaining("disk I/O error");

    diskFails = false;
    assertThatThrownBy(() -> now(write())).hasMessageContaining("takes no more writes");
    assertThat(commits).as("a failed sync is never retried").hasValue(2);
    assertThat(committer.failure()).contains("disk I/O error");
    assertThat(session.index().counts().values().stream().mapToLong(n -> n).sum()).isEqualTo(1);
  }

  @Test
  void anErrorFailsTheStoreAndSaysSo() {
    CompletableFuture<Long> broken =
        committer.submit(
            10,
            work -> {
              throw new OutOfMemoryError("Java heap space");
            });
    assertThatThrownBy(() -> now(broken))
        .isInstanceOfSatisfying(
            StoreRefused.class,
            e -> assertThat(e.reason()).isEqualTo(StoreRefused.Reason.UNHEALTHY))
        .hasMessageContainingAll("Java heap space", "restart");
    assertThat(committer.failure()).contains("the memory ran out");
    assertThatThrownBy(() -> now(write())).hasMessageContaining("takes no more writes");
    assertThat(commits).hasValue(0);
  }

  @Test
  void aFullDiskAsksForSpaceAndForNothingElse() throws SQLException {
    try (Statement statement = real.createStatement()) {
      statement.execute("PRAGMA max_page_count = 1");
    }
    CompletableFuture<Long> large =
        committer.submit(
            10,
            work -> {
              work.insert(RowTest.row(work.nextSequence()), new byte[1 << 20]);
              return 0L;
            });
    assertThatThrownBy(() -> now(large)).hasMessageContainingAll("disk is full", "Free space");
    assertThat(committer.failure()).contains("then restart").doesNotContain("damaged", "move");
  }

  @Test
  void answersThatCannotBeHandedOverAreGivenHere() {
    answers.set(
        work -> {
          throw new OutOfMemoryError("unable to create native thread");
        });
    assertThatThrownBy(() -> now(write())).hasMessageContaining("native thread");
    assertThat(committer.failure()).contains("the memory ran out");
  }

  @Test
  void takesIntoOneCommitWhatArrivedMeanwhile() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<Boolean> first =
        committer.submit(
            0,
            session -> {
              begun.countDown();
              return await(go);
            });
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Long> one = write();
    CompletableFuture<Long> two = write();
    go.countDown();
    assertThat(now(first)).isTrue();
    assertThat(now(one) + now(two)).isEqualTo(3L);
    assertThat(commits).hasValue(1);
  }

  @Test
  void aLookThatChangesNothingCommitsNothing() {
    int records = now(committer.submit(0, work -> work.index().records()));
    assertThat(records).isZero();
    assertThat(commits).hasValue(0);
  }

  @Test
  void everyCommitIsSynced() throws SQLException {
    assertThat(StoreFile.number(real, "PRAGMA synchronous")).isEqualTo(2);
    try (Statement statement = real.createStatement();
        var rows = statement.executeQuery("PRAGMA journal_mode")) {
      assertThat(rows.getString(1)).isEqualTo("wal");
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
