package dev.sluice.fallback.store;

import dev.sluice.config.Target;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Connections to the shared database: a bounded number, and every use of one ends within {@link
 * #DEADLINE}. After two uses in a row that ran into it the pool is replaced together with its event
 * loop: connections to a server that fell silent do not come back by themselves.
 */
final class SharedPool implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final int SIZE = 6;
  private static final int HUNG_AFTER = 2;

  private final Target.Postgres target;
  private final AtomicInteger hangs = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Generation current;

  SharedPool(Target.Postgres target) {
    this.target = target;
    this.current = generation();
  }

  /** A pool, and the loop that its sockets live on. */
  private record Generation(ConnectionPool pool, StoreLoops loops) {
    void end() {
      pool.disposeLater().onErrorComplete().subscribe();
      loops.dispose();
    }
  }

  private Generation generation() {
    StoreLoops loops = new StoreLoops();
    ConnectionFactory factory = new Settled(new PostgresqlConnectionFactory(where(loops)));
    ConnectionPool pool =
        new ConnectionPool(
            ConnectionPoolConfiguration.builder(factory)
                .name("sluice-store")
                .initialSize(0)
                .minIdle(0)
                .maxSize(SIZE)
                .acquireRetry(SIZE) // connections that a restart of the server has closed
                .maxIdleTime(Duration.ofMinutes(5))
                .maxLifeTime(Duration.ofMinutes(30))
                .maxAcquireTime(CONNECT.plus(CONNECT))
                .maxCreateConnectionTime(CONNECT.plus(CONNECT))
                .build());
    return new Generation(pool, loops);
  }

  private PostgresqlConnectionConfiguration where(StoreLoops loops) {
    PostgresqlConnectionConfiguration.Builder builder =
        PostgresqlConnectionConfiguration.builder()
            .host(target.host())
            .port(target.port())
            .username(target.user())
            .database(target.database())
            .connectTimeout(CONNECT)
            .autodetectExtensions(false)
            .tcpKeepAlive(true)
            .applicationName("sluice")
            .loopResources(loops)
            .sslMode(SSLMode.valueOf(target.ssl().name()));
    if (target.password() != null) {
      builder.password(target.password().reveal());
    }
    if (target.rootCertificate() != null) {
      builder.sslRootCert(target.rootCertificate());
    }
    return builder.build();
  }

  /** Sets by SET what poolers would refuse as startup parameters. */
  private record Settled(ConnectionFactory factory) implements ConnectionFactory {
    @Override
    public Publisher<? extends Connection> create() {
      return Mono.from(factory.create())
          .flatMap(
              connection ->
                  Flux.from(
                          connection
                              .createBatch()
                              .add("SET statement_timeout = 4000")
                              .add("SET lock_timeout = 3000")
                              .add("SET idle_in_transaction_session_timeout = 10000")
                              .add("SET synchronous_commit = on")
                              .execute())
                      .concatMap(result -> result.getRowsUpdated())
                      .then(Mono.<Connection>just(connection)));
    }

    @Override
    public ConnectionFactoryMetadata getMetadata() {
      return factory.getMetadata();
    }
  }

  /** Lends a connection to the work and takes it back, whatever becomes of the work. */
  <T> Mono<T> with(Function<Connection, Mono<T>> work) {
    return Mono.defer(() -> lend(current, work));
  }

  /**
   * The same within one transaction, rolled back unless the work succeeds. Its commit is synced to
   * the disk of the primary before it is told, whatever the database does by default.
   *
   * @param first a statement that answers one text per row, run before the work
   * @param work is given those texts, and must come to a value
   */
  <T> Mono<T> transaction(String first, BiFunction<Connection, List<String>, Mono<T>> work) {
    return with(
        connection ->
            begin(connection, first)
                .collectList()
                .flatMap(texts -> work.apply(connection, texts))
                .flatMap(done -> Mono.from(connection.commitTransaction()).thenReturn(done))
                .onErrorResume(
                    error ->
                        Mono.from(connection.rollbackTransaction())
                            .onErrorComplete()
                            .then(Mono.error(error))));
  }

  /** One round trip for all that comes before the work. */
  private static Flux<String> begin(Connection connection, String first) {
    return Flux.from(
            connection
                .createBatch()
                .add("BEGIN ISOLATION LEVEL READ COMMITTED")
                .add("SET LOCAL synchronous_commit TO on")
                .add(first)
                .execute())
        .concatMap(result -> result.map((row, meta) -> String.valueOf(row.get(0, String.class))));
  }

  private <T> Mono<T> lend(Generation generation, Function<Connection, Mono<T>> work) {
    return Mono.usingWhen(generation.pool().create(), work, Connection::close)
        .timeout(DEADLINE)
        .doOnSuccess(done -> hangs.set(0))
        .doOnError(error -> judge(generation, error));
  }

  private void judge(Generation generation, Throwable error) {
    boolean hung = error instanceof TimeoutException || error instanceof R2dbcTimeoutException;
    if (!hung) {
      hangs.set(0);
    } else if (hangs.incrementAndGet() >= HUNG_AFTER) {
      Schedulers.boundedElastic().schedule(() -> renew(generation));
    }
  }

  private synchronized void renew(Generation hung) {
    if (current.equals(hung) && !closed.get()) {
      current = generation();
      hangs.set(0);
      hung.end();
    }
  }

  @Override
  public synchronized void close() {
    if (closed.compareAndSet(false, true)) {
      current.end();
    }
  }
}
