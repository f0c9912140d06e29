package dev.sluice.demo.postgres;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Speaks to the server over a connection of its own for each call, under one deadline. */
record Session(int port, String user, String password, String database) {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  void execute(String sql) {
    run(sql, PostgresqlResult::getRowsUpdated);
  }

  List<String> query(String sql) {
    return run(sql, result -> result.map((row, columns) -> String.valueOf(row.get(0))));
  }

  private <T> List<T> run(String sql, Function<PostgresqlResult, ? extends Publisher<T>> read) {
    Mono<List<T>> answers =
        Mono.usingWhen(
            connect(),
            connection ->
                Flux.from(connection.createStatement(sql).execute()).concatMap(read).collectList(),
            PostgresqlConnection::close);
    return Objects.requireNonNull(answers.block(DEADLINE));
  }

  private Mono<PostgresqlConnection> connect() {
    return new PostgresqlConnectionFactory(
            PostgresqlConnectionConfiguration.builder()
                .host("127.0.0.1")
                .port(port)
                .username(user)
                .password(password)
                .database(database)
                .connectTimeout(DEADLINE)
                .build())
        .create();
  }
}
