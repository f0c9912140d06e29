package dev.sluice.demo.backend;

import static io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider.LOCK_WAIT_TIMEOUT;
import static io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider.LOOP_RESOURCES;
import static io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider.STATEMENT_TIMEOUT;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.pool.PoolMetrics;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.R2dbcTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * The backend's connection pool. Every use of it ends within {@link #DEADLINE}. After three uses in
 * a row that ran into a deadline the pool is replaced: connections to a server that fell silent do
 * not come back by themselves, and a connect that is given up keeps its socket until its event loop
 * ends.
 */
final class Database implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofMillis(2_500);
  private static final int SIZE = 10;
  private static final int HUNG_AFTER = 3;

  private final ConnectionFactoryOptions options;
  private final AtomicInteger hangs = new AtomicInteger();
  private final AtomicInteger rebuilds = new AtomicInteger();
  private volatile Generation current;
  private final AtomicInteger uses = new AtomicInteger();
  private volatile boolean leaking;
  private volatile int leakOneIn;

  Database(String r2dbcUrl) {
    this.options = ConnectionFactoryOptions.parse(r2dbcUrl);
    this.current = Generation.of(options);
  }

  /** Lends a connection to the work and takes it back, whatever becomes of the work. */
  <T> Mono<T> with(Function<Connection, Mono<T>> work) {
    return Mono.defer(() -> lend(current, work));
  }

  /** The same within one transaction, which is rolled back unless the work succeeds. */
  <T> Mono<T> transaction(Function<Connection, Mono<T>> work) {
    return with(
        connection ->
            Mono.from(connection.beginTransaction())
                .then(work.apply(connection))
                .flatMap(done -> Mono.from(connection.commitTransaction()).thenReturn(done)));
  }

  /** Takes every connection out of the pool and forgets it. */
  void leak() {
    ConnectionPool pool = current.pool();
    leaking = true;
    for (int i = 0; i < SIZE; i++) {
      pool.create().onErrorComplete().subscribe();
    }
  }

  /** Of so many uses of a connection one forgets it, from now on; 0: none does. */
  void leakOneIn(int uses) {
    leakOneIn = uses;
  }

  PoolMetrics metrics() {
    return current.pool().getMetrics().orElseThrow();
  }

  int rebuilds() {
    return rebuilds.get();
  }

  @Override
  public void close() {
    current.dispose();
  }

  private <T> Mono<T> lend(Generation generation, Function<Connection, Mono<T>> work) {
    return Mono.usingWhen(generation.pool().create(), work, this::back)
        .timeout(DEADLINE)
        .doOnSuccess(done -> hangs.set(0))
        .doOnError(error -> judge(generation, error));
  }

  private Publisher<Void> back(Connection connection) {
    int oneIn = leakOneIn;
    return oneIn > 0 && uses.incrementAndGet() % oneIn == 0 ? Mono.empty() : connection.close();
  }

  private void judge(Generation generation, Throwable error) {
    boolean hung = error instanceof TimeoutException || error instanceof R2dbcTimeoutException;
    if (!hung || leaking) {
      hangs.set(0);
    } else if (hangs.incrementAndGet() >= HUNG_AFTER) {
      // A driver is looked up on the class path, which reads files.
      Schedulers.boundedElastic().schedule(() -> rebuild(generation));
    }
  }

  private synchronized void rebuild(Generation hung) {
    if (current.equals(hung)) {
      current = Generation.of(options);
      hangs.set(0);
      rebuilds.incrementAndGet();
      hung.dispose();
    }
  }

  /** A pool with an event loop of its own: ending the loop closes every socket on it. */
  private record Generation(ConnectionPool pool, LoopResources loop) {
    static Generation of(ConnectionFactoryOptions options) {
      LoopResources loop = LoopResources.create("orders-db", 1, true);
      ConnectionFactoryOptions bounded =
          options
              .mutate()
              .option(ConnectionFactoryOptions.CONNECT_TIMEOUT, Duration.ofSeconds(1))
              .option(STATEMENT_TIMEOUT, Duration.ofSeconds(2))
              .option(LOCK_WAIT_TIMEOUT, Duration.ofMillis(1_500))
              .option(LOOP_RESOURCES, loop)
              .build();
      ConnectionPoolConfiguration configuration =
          ConnectionPoolConfiguration.builder(ConnectionFactories.get(bounded))
              .initialSize(0)
              .maxSize(SIZE)
              .acquireRetry(0)
              .maxCreateConnectionTime(Duration.ofMillis(1_500))
              .maxAcquireTime(Duration.ofSeconds(2))
              .maxIdleTime(Duration.ofMinutes(1))
              .validationQuery("select 1")
              .maxValidationTime(Duration.ofMillis(500))
              .build();
      return new Generation(new ConnectionPool(configuration), loop);
    }

    void dispose() {
      pool.disposeLater().onErrorComplete().subscribe();
      loop.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).onErrorComplete().subscribe();
    }
  }
}
