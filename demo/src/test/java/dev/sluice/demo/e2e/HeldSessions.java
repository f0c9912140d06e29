package dev.sluice.demo.e2e;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Sessions that a role with the password {@code none} holds and does nothing with. */
final class HeldSessions implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ConnectionFactory factory;
  private final List<Connection> held = new ArrayList<>();

  HeldSessions(int port, String role, String database) {
    factory =
        ConnectionFactories.get(
            "r2dbc:postgresql://%s:none@127.0.0.1:%d/%s".formatted(role, port, database));
  }

  /** Takes this many more, or as many as the server gives. */
  void take(int more) {
    try {
      for (int i = 0; i < more; i++) {
        held.add(Objects.requireNonNull(Mono.<Connection>from(factory.create()).block(PATIENCE)));
      }
    } catch (R2dbcException full) {
      if (!"53300".equals(full.getSqlState())) {
        throw full;
      }
    }
  }

  @Override
  public void close() {
    held.forEach(connection -> Mono.from(connection.close()).block(PATIENCE));
  }
}
