package dev.sluice.fallback.store;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Statements with numbered parameters over R2DBC. */
final class Queries {
  private Queries() {}

  /** How many rows a statement changed. */
  static Mono<Long> change(Connection connection, String sql, @Nullable Object... values) {
    return Flux.from(bound(connection, sql, values).execute())
        .concatMap(Result::getRowsUpdated)
        .reduce(0L, Long::sum);
  }

  /** What a statement answers, row by row. */
  static <T> Mono<List<T>> rows(
      Connection connection, String sql, Function<Readable, T> each, @Nullable Object... values) {
    return Flux.from(bound(connection, sql, values).execute())
        .concatMap(result -> result.map(each))
        .collectList();
  }

  private static Statement bound(Connection connection, String sql, @Nullable Object... values) {
    Statement statement = connection.createStatement(sql);
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value == null) {
        statement.bindNull(i, byte[].class);
      } else {
        statement.bind(i, value);
      }
    }
    return statement;
  }

  static long number(Readable row, int column) {
    Long value = row.get(column, Long.class);
    return value == null ? 0 : value;
  }

  static String text(Readable row, int column) {
    String value = row.get(column, String.class);
    return value == null ? "" : value;
  }
}
