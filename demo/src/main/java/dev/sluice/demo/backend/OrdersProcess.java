package dev.sluice.demo.backend;

import io.r2dbc.spi.ConnectionFactories;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * The sample backend as a process that cannot do without its database, as many applications are: it
 * ends with 1 where it does not reach it, at its start and later.
 */
public final class OrdersProcess {
  private static final Duration OFTEN = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private OrdersProcess() {}

  /** Listens on {@code PORT}; the database is that of {@code DATABASE_URL}. */
  public static void main(String[] arguments) {
    String database = System.getenv("DATABASE_URL");
    require(database);
    OrdersBackend.start(Integer.parseInt(System.getenv("PORT")), database);
    while (true) {
      Mono.delay(OFTEN).block();
      require(database);
    }
  }

  /** Ends the process where the database does not let it in. */
  private static void require(String database) {
    try {
      Mono.usingWhen(
              ConnectionFactories.get(database).create(),
              connection -> Mono.from(connection.createStatement("select 1").execute()),
              connection -> connection.close())
          .block(PATIENCE);
    } catch (RuntimeException e) {
      System.err.println("FATAL the database cannot be used: " + HealthReport.text(e));
      System.exit(1);
    }
  }
}
